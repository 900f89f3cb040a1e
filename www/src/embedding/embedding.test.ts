import { expect, test } from 'vitest';
import { parametersIn } from './parameters';
import { requestIn } from './protocol';

test('only whole origins may speak with the page', () => {
  const { parents } = parametersIn('?parent=https://portal.example&parent=*&parent=null&parent=https://a.example/&parent=http://127.0.0.1:8080');
  expect(parents).toEqual(['https://portal.example', 'http://127.0.0.1:8080']);
});

test('panels come in the order of the page; without a known one, all do', () => {
  expect(parametersIn('?panels=day,try,clock').panels).toEqual(['try', 'day']);
  expect(parametersIn('?panels=clock').panels).toEqual(['try', 'figures', 'day', 'map']);
  expect(parametersIn('').panels).toHaveLength(4);
});

test('messages of others are none of its business, and wrong ones are told why', () => {
  for (const data of [null, 'hello', { kind: 'hello', id: 1 }, { noriai: 1, kind: 'hello' }]) expect(requestIn(data)).toBeUndefined();
  expect(requestIn({ noriai: 1, id: 1, kind: 'play', playing: true })).toMatchObject({ kind: 'play' });
  expect(requestIn({ noriai: 1, id: 1, kind: 'language', language: 'en' })).toMatchObject({ language: 'en' });
  for (const data of [{ kind: 'play', playing: 1 }, { kind: 'seek', t_s: NaN }, { kind: 'toString' }, { kind: 'language', language: 'xx' }, { kind: 'show', changes: { town: 'x' } }]) {
    expect(requestIn({ noriai: 1, id: 1, ...data })).toMatchObject({ id: 1, wrong: { ja: expect.any(String) } });
  }
});
