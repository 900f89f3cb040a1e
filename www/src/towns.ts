// The towns to choose from: those in the page's own folder, each fetched when it is wanted, and those dropped on the page.
import type { Scenario, Text } from '../pkg/noriai.js';
import minatoMirai from '../../src/scenario/towns/minato_mirai.json?url';
import namie from '../../src/scenario/towns/namie.json?url';
import shiojiri from '../../src/scenario/towns/shiojiri.json?url';

export interface Town {
  /** Its word in the page's address; none for one that was dropped. */
  id?: string;
  name: Text;
  /** Its file, of the page's own towns. */
  url?: string;
  load(): Promise<Scenario>;
}

/** Fetches a file of the page's own folder. */
export async function fetched(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

const own = (id: string, name: Text, url: string): Town => ({
  id,
  name,
  url,
  load: async () => (await (await fetched(url)).json()) as Scenario,
});

/** Names stand here too, so that they can be read before the files are there. */
export const OWN_TOWNS: [Town, ...Town[]] = [
  own('namie', { ja: '浪江町', en: 'Namie' }, namie),
  own('shiojiri', { ja: '塩尻市', en: 'Shiojiri' }, shiojiri),
  own('minato_mirai', { ja: '横浜みなとみらい', en: 'Yokohama Minato Mirai' }, minatoMirai),
];

/** A town that is there already, beside others; if one of them has its name, it is told from them by a number. */
export function dropped(scenario: Scenario, others: Town[] = []): Town {
  const { ja, en } = scenario.name;
  const numbered = (number: number): Text => (number === 1 ? { ja, en } : { ja: `${ja} (${number})`, en: `${en} (${number})` });
  const isTaken = (name: Text) => others.some((other) => other.name.ja === name.ja || other.name.en === name.en);
  let number = 1;
  while (isTaken(numbered(number))) number += 1;
  return { name: numbered(number), load: () => Promise.resolve(scenario) };
}

/** The town asked for in the address (`?town=shiojiri`), else the first. */
export function firstTown(search: string): Town {
  const asked = new URLSearchParams(search).get('town');
  return OWN_TOWNS.find(({ id }) => id === asked) ?? OWN_TOWNS[0];
}

/** The page's address with a town in it; one that was dropped cannot be fetched by it, nor need the first be named. */
export function addressOf(href: string, { id }: Town): string {
  const address = new URL(href);
  if (id && id !== OWN_TOWNS[0].id) address.searchParams.set('town', id);
  else address.searchParams.delete('town');
  return address.href;
}
