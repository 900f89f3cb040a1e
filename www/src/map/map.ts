// The map: base map and demand cells by MapLibre, the living things by the overlay, one camera for both.
import 'maplibre-gl/dist/maplibre-gl.css';
import type { Feature as GeoFeature } from 'geojson';
import { Map as MapView, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { Cell, Ride, Scenario } from '../../pkg/noriai.js';
import type { App, Frame } from '../app';
import { REFERRER } from '../outside/overpass';
import { busyBox, LISTED, ridesOf, widened, type Box, type Result, type State } from '../state';
import { cividis } from '../theme';
import { shownCells } from '../share/masking';
import { baseStyle, CELL_OPACITY, FONTS, lineFeatures } from './basemap';
import { Overlay } from './overlay';

setWorkerUrl(workerUrl);

/** The map as it is seen. */
export interface MapPicture {
  /** As fine as the screen. */
  drawing: HTMLCanvasElement;
  /** The cells of the demand map in it, if it is on. */
  cells?: Cell[];
  /** Length of a pixel of the page. */
  metres: number;
}

/** Layers of the demand map. */
const CELL_LAYERS = ['cells', 'cells-outline', 'cell-numbers'];

/** A degree of latitude on a sphere of the Earth's mean radius, 6,371 km. */
const DEGREE_M = (Math.PI / 180) * 6_371_000;

/** A van followed is brought back when it comes so near to the edge of the free part of the map, pixels. */
const EDGE = 96;

/** How far out the map goes: to a town and its surroundings, with tiles to the country. */
const FARTHEST = 9;
const FARTHEST_WITH_TILES = 5;

/** Room around what the map is fitted to, pixels. */
const MARGIN = 24;

/** A picture waits so long for what is still on its way, milliseconds. */
const SETTLED_MS = 3_000;

export class TownMap {
  readonly #map: MapView;
  readonly #overlay: Overlay;
  /** The view is the first one of the town, and nobody has moved it. */
  #first = true;
  /** The rides of the list that is open. */
  #listed: Ride[] = [];

  constructor(
    private readonly app: App,
    /** The town drawn. */
    private town: Scenario,
    host: HTMLElement,
    private readonly stage: HTMLElement,
    private readonly legend: HTMLElement,
  ) {
    this.#map = new MapView({
      container: host,
      style: this.#style(),
      minZoom: FARTHEST,
      maxZoom: 17.5,
      attributionControl: false,
      // Of tiles: all else is there already.
      transformRequest: (url) => ({ url, referrerPolicy: REFERRER }),
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 150,
      locale: { 'Map.Title': app.vehicles.map },
    });
    this.#toBusy();
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#overlay = new Overlay(this.#map, stage, app.colour);
    // With the map's own drawing, so that vans stay on their roads while it moves.
    this.#map.on('render', () => this.#drawOverlay());
    this.#map.on('styledata', () => {
      this.#setCells(app.state.cells);
      this.#setLines(app.state.result);
    });
    this.#map.on('click', ({ point }) => this.#click(point));
    this.#map.on('mousemove', ({ point }) => {
      const target = this.#overlay.vanAt(point.x, point.y) !== undefined || this.#cellAt(point) !== undefined;
      this.#map.getCanvas().style.cursor = target ? 'pointer' : '';
    });
    this.#map.on('movestart', ({ originalEvent }) => {
      if (originalEvent) this.#first = false;
    });
    const resized = new ResizeObserver(() => {
      // Before it does so itself, which is a moment later.
      this.#map.resize();
      if (this.#first) this.#toBusy();
      else this.#map.setPadding(this.#padding());
    });
    for (const part of [stage, legend]) resized.observe(part);
    app.place.closed?.addEventListener('abort', () => {
      resized.disconnect();
      this.#map.remove();
    });
    app.mapView = () => this.#view();
    app.mapPicture = (own) => this.#picture(own);
  }

  /**
   * What is seen, vans and riders with it. Where trips are somebody's own, vans, riders and cells of few trips are left out: the cells are
   * drawn on the picture, since MapLibre takes a moment to show others.
   */
  async #picture(own: boolean): Promise<MapPicture> {
    const { heat, cells: all } = this.app.state;
    const cells = heat.on ? (own ? shownCells(all) : all) : undefined;
    const see = (visible: boolean) => {
      for (const layer of CELL_LAYERS) this.#map.setLayoutProperty(layer, 'visibility', visible ? 'visible' : 'none');
    };
    if (own) see(false);
    await this.#settled();
    const drawing = await this.#drawn(own ? [] : [this.#overlay.canvas]);
    if (own) {
      see(true);
      this.#drawCells(drawing, cells ?? []);
    }
    const { lng, lat } = this.#map.getCenter();
    const { x, y } = this.#map.project([lng, lat]);
    const metres = (this.#map.unproject([x + 1, y]).lng - lng) * DEGREE_M * Math.cos((lat * Math.PI) / 180);
    return { drawing, cells, metres };
  }

  /** Once colours that were changed have faded to the new ones and tiles have come; a server that does not answer is not waited for. */
  #settled(): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, SETTLED_MS);
      this.#map.once('idle', () => {
        clearTimeout(late);
        resolve();
      });
      this.#map.triggerRepaint();
    });
  }

  /** What MapLibre draws is there to be copied only while it is drawn. */
  #drawn(above: HTMLCanvasElement[]): Promise<HTMLCanvasElement> {
    return new Promise((resolve) => {
      this.#map.once('render', () => {
        const drawn = this.#map.getCanvas();
        const copy = document.createElement('canvas');
        copy.width = drawn.width;
        copy.height = drawn.height;
        const c = copy.getContext('2d')!;
        for (const canvas of [drawn, ...above]) c.drawImage(canvas, 0, 0);
        resolve(copy);
      });
      this.#map.triggerRepaint();
    });
  }

  #drawCells(drawing: HTMLCanvasElement, cells: Cell[]): void {
    const c = drawing.getContext('2d')!;
    const ratio = drawing.width / this.#map.getCanvas().clientWidth;
    c.scale(ratio, ratio);
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    c.font = `14px ${FONTS.map((name) => (name.includes(' ') ? `"${name}"` : name)).join(', ')}`;
    for (const { ring, center, trips, look } of coloured(cells)) {
      c.beginPath();
      for (const place of ring) {
        const { x, y } = this.#map.project(place);
        c.lineTo(x, y);
      }
      c.globalAlpha = CELL_OPACITY;
      c.fillStyle = look.colour;
      c.fill();
      c.globalAlpha = 1;
      c.strokeStyle = this.app.colour('paper');
      c.stroke();
      const { x, y } = this.#map.project(center);
      c.fillStyle = look.ink;
      c.fillText(String(trips), x, y);
    }
  }

  zoom(by: number): void {
    this.#first = false;
    this.#map.easeTo({ zoom: this.#map.getZoom() + by, duration: this.#duration(300) });
  }

  whole(): void {
    this.#first = false;
    this.app.show(undefined);
    this.#map.fitBounds(this.town.drawing.view, { duration: this.#duration(600) });
  }

  /** Where most rides are and the vans of the moment, below the page's headline or beside it, whichever shows them larger. */
  #toBusy(): void {
    const { result } = this.app.state;
    this.#map.setPadding(this.#padding());
    this.#first = true;
    const busy: Box = result ? busyBox(result.rides, result.scenario) : this.town.drawing.view;
    const box = widened(busy, this.app.frame?.positions ?? new Float64Array());
    const headline = this.stage.querySelector('.headline')!.getBoundingClientRect();
    const stage = this.stage.getBoundingClientRect();
    const around = { top: MARGIN, right: MARGIN, bottom: MARGIN, left: MARGIN };
    const below = { ...around, top: Math.max(headline.bottom - stage.top, MARGIN) };
    const beside = { ...around, left: Math.max(headline.right - stage.left, MARGIN) };
    const zoom = (padding: typeof around) => this.#map.cameraForBounds(box, { padding })?.zoom ?? -Infinity;
    this.#map.fitBounds(box, { duration: 0, padding: zoom(beside) > zoom(below) ? beside : below });
  }

  update(state: State, before: State): void {
    if (state.result && state.result.scenario.network !== this.town.network) {
      this.town = state.result.scenario;
      this.#map.setStyle(this.#style());
      this.#toBusy();
    }
    if (state.tiles !== before.tiles) this.#setTiles();
    if (state.theme !== before.theme || state.lang !== before.lang) {
      this.#map.setStyle(this.#style());
      this.#map.getCanvas().setAttribute('aria-label', this.app.vehicles.map);
      this.#overlay.readColours();
    }
    if (state.result?.ways !== before.result?.ways) {
      this.#setLines(state.result);
      this.#map.getCanvas().setAttribute('aria-label', this.app.vehicles.map);
    }
    if (state.cells !== before.cells || state.detail !== before.detail) this.#setCells(state.cells);
    if (state.cells !== before.cells || state.detail !== before.detail || state.result !== before.result) {
      this.#listed = state.result ? ridesOf(state.detail, state.result.rides, state.cells).slice(0, LISTED) : [];
    }
    this.app.askFrame();
  }

  frame(frame: Frame): void {
    // While the map moves, both are drawn together and once.
    if (this.#map.isMoving()) this.#map.triggerRepaint();
    else this.#drawOverlay();
    const { detail, playing } = this.app.state;
    if (detail?.kind === 'van' && detail.van < frame.states.length && playing) this.#keepInView(frame, detail.van);
  }

  #style() {
    return baseStyle(this.town, this.app.colour, this.app.language.texts, this.app.state.tiles);
  }

  /** Tiles show more than a town, so the map goes farther out. */
  #setTiles(): void {
    this.#map.setStyle(this.#style());
    this.#map.setMinZoom(this.app.state.tiles ? FARTHEST_WITH_TILES : FARTHEST);
  }

  #duration(ms: number): number {
    return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms;
  }

  /** The legend covers the map's lower edge; the middle of what is left is its centre. */
  #padding() {
    return { left: 0, top: 0, right: 0, bottom: this.#covered() };
  }

  /** Height of the legend over the map, pixels; on a phone it is not there. */
  #covered(): number {
    const legend = this.legend.getBoundingClientRect();
    return legend.height > 0 ? Math.max(0, this.stage.getBoundingClientRect().bottom - legend.top) : 0;
  }

  /** What is seen of the map: west, south, east, north. */
  #view(): Box {
    const { width, height } = this.stage.getBoundingClientRect();
    const [northWest, southEast] = [this.#map.unproject([0, 0]), this.#map.unproject([width, height - this.#covered()])];
    return [northWest.lng, southEast.lat, southEast.lng, northWest.lat];
  }

  #keepInView(frame: Frame, van: number): void {
    const { x, y } = this.#overlay.placeOf(van);
    const { width, height } = this.stage.getBoundingClientRect();
    const inside = x > EDGE && x < width - EDGE && y > EDGE && y < height - this.#covered() - EDGE;
    if (inside || this.#map.isMoving()) return;
    this.#first = false;
    this.#map.easeTo({ center: [frame.positions[2 * van]!, frame.positions[2 * van + 1]!], duration: this.#duration(800) });
  }

  #drawOverlay(): void {
    const { app } = this;
    const { result, detail } = app.state;
    if (!app.frame || !result) return;
    const followed =
      detail?.kind === 'van' ? { van: detail.van, path: app.plan(detail.van).path } : undefined;
    this.#overlay.draw({
      frame: app.frame,
      scenario: result.scenario,
      rides: result.rides,
      followed,
      listed: this.#listed,
      playing: app.state.playing,
    });
    if (this.#overlay.crowded !== app.state.crowded) app.store.set({ crowded: this.#overlay.crowded });
  }

  #setCells(cells: Cell[]): void {
    const source = this.#map.getSource<GeoJSONSource>('cells');
    if (!source) return;
    const { detail } = this.app.state;
    void source.setData({
      type: 'FeatureCollection',
      features: coloured(cells).flatMap(({ id, ring, center, trips, look }): GeoFeature[] => {
        const chosen = detail?.kind === 'cell' && detail.id === id;
        const properties = { id, trips, chosen, ...look };
        return [
          { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } },
          { type: 'Feature', properties, geometry: { type: 'Point', coordinates: center } },
        ];
      }),
    });
  }

  /** The lines of the bus and their stops, if it runs. */
  #setLines(result: Result | undefined): void {
    const source = this.#map.getSource<GeoJSONSource>('lines');
    if (!source) return;
    const features = result?.ways ? lineFeatures(result.scenario, result.ways, this.app.colour) : [];
    void source.setData({ type: 'FeatureCollection', features });
  }

  #cellAt(point: { x: number; y: number }): string | undefined {
    if (this.app.state.cells.length === 0 || !this.#map.getLayer('cells')) return undefined;
    const [hit] = this.#map.queryRenderedFeatures([point.x, point.y], { layers: ['cells'] });
    return hit?.properties['id'] as string | undefined;
  }

  #click(point: { x: number; y: number }): void {
    const van = this.#overlay.vanAt(point.x, point.y);
    if (van !== undefined) {
      this.app.show({ kind: 'van', van });
      return;
    }
    const id = this.#cellAt(point);
    if (id !== undefined) this.app.show({ kind: 'cell', id });
  }
}

/** Cells in the colours of their amounts, and of the numbers on them. */
function coloured(cells: Cell[]): (Cell & { look: { colour: string; ink: string } })[] {
  const most = Math.max(1, ...cells.map((cell) => cell.trips));
  return cells.map((cell) => {
    const share = most === 1 ? 1 : (cell.trips - 1) / (most - 1);
    return { ...cell, look: { colour: cividis(share), ink: share >= 0.5 ? '#10151d' : '#ffffff' } };
  });
}
