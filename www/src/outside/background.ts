// What lies under the map's roads: nothing, or tiles of a server that somebody has agreed to. Nothing leaves before `show`.
import type { App } from '../app';
import type { State } from '../state';
import { Watch } from './forbidden';
import { OSM_CREDIT, ownTiles, SERVERS, serverOfTiles, tryTile, type Tiles, type TilesFailure, type TilesKind } from './tiles';

/** Tiles that are chosen, and not agreed to yet. */
export interface TilesWanted {
  kind: TilesKind;
  /** Of a server of one's own: its address, as written. */
  template: string;
  /** One of its tiles is on its way. */
  trying?: boolean;
  failure?: TilesFailure;
}

/** Those whose work the map shows. */
export function creditsOf({ tiles, result, town }: State): Tiles[] {
  const fromOsm = (result?.scenario ?? town)?.sources.some((source) => /openstreetmap/i.test(source)) ?? false;
  return [tiles, fromOsm && tiles?.kind !== 'osm' ? OSM_CREDIT : undefined].filter((each) => each !== undefined);
}

export class Background {
  /** Kept while the page is open, and nowhere else. */
  #template = '';

  constructor(private readonly app: App) {}

  #set(tilesWanted: TilesWanted | undefined): void {
    this.app.store.set({ tilesWanted });
  }

  choose(kind: TilesKind | 'roads'): void {
    if (kind === 'roads') this.app.store.set({ tiles: undefined, tilesWanted: undefined });
    else this.#set(kind === this.app.state.tiles?.kind && kind !== 'own' ? undefined : { kind, template: this.#template });
  }

  write(template: string): void {
    this.#template = template;
    this.#set({ kind: 'own', template });
  }

  /** The tiles that are wanted, or what is wrong with their address. */
  tiles({ kind, template }: TilesWanted): Tiles | 'noPlaces' | 'noServer' {
    return kind === 'own' ? ownTiles(template, location.href) : SERVERS[kind];
  }

  /** The one place from which the map's position begins to leave. */
  show = async (): Promise<void> => {
    const { app } = this;
    const wanted = app.state.tilesWanted;
    const box = app.mapView?.() ?? app.state.town?.drawing.view;
    if (!wanted || wanted.trying || !box) return;
    const tiles = this.tiles(wanted);
    if (typeof tiles === 'string') return;
    const trying = { ...wanted, failure: undefined, trying: true };
    this.#set(trying);
    const watch = new Watch(serverOfTiles(tiles).origin);
    const failure = await tryTile(tiles, box, watch.isForbidden);
    watch.end();
    // Something else may have been chosen since.
    if (app.state.tilesWanted !== trying) return;
    if (failure) app.store.set({ tiles: undefined, tilesWanted: { ...wanted, failure } });
    else app.store.set({ tiles, tilesWanted: undefined });
  };
}
