// Towns kept in this browser, with their settings and trips, once somebody has asked for it. Before, and within another page, the
// browser's store is neither written nor read.
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Scenario, Text } from '../pkg/noriai.js';
import type { App } from './app';
import { fileName, offer } from './download';
import { hasOwnTrips } from './share/masking';

/** What is told of a kept town without reading it. */
export interface Kept {
  id: number;
  name: Text;
  /** When it was kept, milliseconds since 1970. */
  at_ms: number;
  bytes: number;
}

interface Rows extends DBSchema {
  towns: { key: number; value: { id?: number; name: Text; at_ms: number; scenario: Blob } };
}

const STORE = 'noriai';

/** Asking does not make one, opening would. */
const hasStore = async (): Promise<boolean> => (await indexedDB.databases()).some(({ name }) => name === STORE);

/** The store is open for one task only, so that a second tab can delete it. */
async function within<T>(task: (store: IDBPDatabase<Rows>) => Promise<T>): Promise<T> {
  const store = await openDB<Rows>(STORE, 1, {
    upgrade: (made) => void made.createObjectStore('towns', { keyPath: 'id', autoIncrement: true }),
  });
  try {
    return await task(store);
  } finally {
    store.close();
  }
}

async function list(): Promise<Kept[]> {
  if (!(await hasStore())) return [];
  const rows = await within((store) => store.getAll('towns'));
  return rows.map(({ id, name, at_ms, scenario }) => ({ id: id!, name, at_ms, bytes: scenario.size })).reverse();
}

/** With the last one goes the store. */
async function remove(ids: number[]): Promise<void> {
  const left = await within(async (store) => {
    for (const id of ids) await store.delete('towns', id);
    return store.count('towns');
  });
  if (left === 0) await deleteDB(STORE);
}

export class Keeping {
  constructor(private readonly app: App) {}

  /** Looks what there is, and with that offers to keep more. */
  async begin(): Promise<void> {
    // What a page shows in somebody else's is not its own to keep.
    if (this.app.place.kind !== 'page') return;
    // A browser that refuses says so when somebody wants to keep something.
    this.app.store.set({ kept: await list().catch(() => []) });
  }

  /** Keeps the day shown: the scenario as it was lived through. */
  keep = (): Promise<void> => {
    const { scenario } = this.app.state.result!;
    const row = { name: scenario.name, at_ms: Date.now(), scenario: new Blob([JSON.stringify(scenario)], { type: 'application/json' }) };
    return this.#change(() => within((store) => store.add('towns', row)));
  };

  forget = (ids: number[]): Promise<void> => this.#change(() => remove(ids));

  /** The same way as a dropped file. */
  open = async (kept: Kept): Promise<void> => {
    const file = await this.#read(kept);
    if (file) await this.app.load([file]);
  };

  save = async (kept: Kept): Promise<void> => {
    const file = await this.#read(kept);
    if (!file) return;
    const save = () => offer(file.name, file);
    if (hasOwnTrips(JSON.parse(await file.text()) as Scenario)) this.app.carrying.ask(file.name, save);
    else save();
  };

  async #read({ id, name }: Kept): Promise<File | undefined> {
    try {
      // Another tab may have deleted it, and the store.
      const row = (await hasStore()) ? await within((store) => store.get('towns', id)) : undefined;
      if (!row) await this.#tell();
      return row && new File([row.scenario], fileName(name), { type: 'application/json' });
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  async #change(change: () => Promise<unknown>): Promise<void> {
    try {
      await change();
      await this.#tell();
    } catch (error) {
      this.#failed(error);
    }
  }

  async #tell(): Promise<void> {
    this.app.store.set({ kept: await list() });
  }

  #failed(error: unknown): void {
    console.warn(error);
    const full = error instanceof DOMException && error.name === 'QuotaExceededError';
    this.app.store.set({ notice: { kind: full ? 'noRoom' : 'notKept' } });
  }
}
