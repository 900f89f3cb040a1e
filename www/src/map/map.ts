// The map: base map and demand cells by MapLibre, the living things by the overlay, one camera for both.
import 'maplibre-gl/dist/maplibre-gl.css';
import type { Feature as GeoFeature } from 'geojson';
import { Map as MapView, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { Cell, Ride, Scenario } from '../../pkg/noriai.js';
import type { App, Frame } from '../app';
import { REFERRER } from '../outside/overpass';
import { busyBox, LISTED, ridesOf, widened, type Box, type Result, type State } from '../state';
import { cividis, colour } from '../theme';
import { baseStyle, lineFeatures } from './basemap';
import { Overlay } from './overlay';

setWorkerUrl(workerUrl);

/** A van followed is brought back when it comes so near to the edge of the free part of the map, pixels. */
const EDGE = 96;

/** How far out the map goes: to a town and its surroundings, with tiles to the country. */
const FARTHEST = 9;
const FARTHEST_WITH_TILES = 5;

/** Room around what the map is fitted to, pixels. */
const MARGIN = 24;

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
    this.#overlay = new Overlay(this.#map, stage);
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
    app.mapView = () => this.#view();
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
    return baseStyle(this.town, colour, this.app.state.lang, this.app.state.tiles);
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
    const most = Math.max(1, ...cells.map((cell) => cell.trips));
    void source.setData({
      type: 'FeatureCollection',
      features: cells.flatMap(({ id, ring, center, trips }): GeoFeature[] => {
        const share = most === 1 ? 1 : (trips - 1) / (most - 1);
        const chosen = detail?.kind === 'cell' && detail.id === id;
        const properties = { id, trips, chosen, colour: cividis(share), ink: share >= 0.5 ? '#10151d' : '#ffffff' };
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
    const features = result?.ways ? lineFeatures(result.scenario, result.ways, colour) : [];
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
