import { expect, test } from 'vitest';
import { Clock } from './clock';

const day = () => {
  const clock = new Clock();
  clock.setDay(30_000, 60_000);
  return clock;
};

test('time passes at its speed while it plays', () => {
  const clock = day();
  clock.seek(36_000);
  expect(clock.tick(1)).toBe(false);
  clock.play();
  clock.speed = 300;
  expect(clock.tick(0.5)).toBe(true);
  expect(clock.t_s).toBe(36_150);
});

test('it stays within the day, stops at its end and begins again', () => {
  const clock = day();
  clock.seek(90_000);
  expect(clock.t_s).toBe(60_000);
  clock.play();
  expect(clock.t_s).toBe(30_000);
  clock.seek(59_999);
  expect(clock.tick(1)).toBe(false);
  expect(clock.playing).toBe(false);
});

test('steps go to whole minutes in both directions', () => {
  const clock = day();
  clock.seek(36_030);
  clock.step(1);
  expect(clock.t_s).toBe(36_060);
  clock.seek(36_030);
  clock.step(-1);
  expect(clock.t_s).toBe(36_000);
  clock.step(10);
  expect(clock.t_s).toBe(36_600);
});

test('a new day keeps the moment shown where it has it', () => {
  const clock = day();
  clock.seek(45_000);
  clock.setDay(30_000, 70_000);
  expect(clock.t_s).toBe(45_000);
});

test('a day without service does not play', () => {
  const clock = new Clock();
  clock.setDay(0, 0);
  clock.play();
  expect(clock.playing).toBe(false);
});
