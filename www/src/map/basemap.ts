// The base map as a MapLibre style, drawn from the scenario's own roads, places and stops. Nothing comes from elsewhere, unless tiles
// are wanted: then they take the place of the land, and its names.
import type { Feature as GeoFeature } from 'geojson';
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import type { Feature, Network, RoadClass, Scenario, Stop, Text } from '../../pkg/noriai.js';
import type { Tiles } from '../outside/tiles';

/** Without a `glyphs` address MapLibre draws every letter from fonts of the machine. */
export const FONTS = ['Hiragino Sans', 'Noto Sans CJK JP', 'Noto Sans JP', 'Yu Gothic UI', 'Meiryo', 'sans-serif'];

/** Line width by class at zoom 11 and at zoom 16, in pixels. */
const WIDTHS: Record<RoadClass, [number, number]> = {
  motorway: [2.4, 15],
  trunk: [2.2, 14],
  primary: [1.5, 11],
  secondary: [1.0, 9],
  residential: [0.35, 6.5],
  service: [0.25, 4],
};

/** The roads are seen through the demand map. */
export const CELL_OPACITY = 0.78;

/** With more stops than this, those without a sign of their own are seen from near only. */
const MANY = 500;

/** From the least to the most important, in the order of drawing. */
const CLASSES: RoadClass[] = ['service', 'residential', 'secondary', 'primary', 'trunk', 'motorway'];

type Colour = (name: string) => string;

const EMPTY_SOURCE: SourceSpecification = { type: 'geojson', data: { type: 'FeatureCollection', features: [] } };

export function baseStyle(scenario: Scenario, colour: Colour, lang: keyof Text, tiles?: Tiles): StyleSpecification {
  const ground: LayerSpecification = { id: 'ground', type: 'background', paint: { 'background-color': colour('map-ground') } };
  const ofLand = (layer: LayerSpecification) => 'source' in layer && layer.source === 'land';
  const labels = labelLayers(colour, lang);
  return {
    version: 8,
    sources: {
      land: collection(scenario.drawing.features.map(drawn)),
      roads: collection(roads(scenario.network)),
      stops: collection(scenario.stops.map((stop) => stopPoint(stop, scenario))),
      depots: collection(scenario.depots.map(({ node }) => point(node, scenario.network, {}))),
      cells: EMPTY_SOURCE,
      lines: EMPTY_SOURCE,
      ...(tiles && { tiles: tileSource(tiles) }),
    },
    layers: [
      ground,
      ...(tiles ? [tileLayer(colour)] : landLayers(colour)),
      ...roadLayers(colour, tiles !== undefined),
      ...cellLayers(colour),
      ...lineLayers(colour),
      ...(tiles ? labels.filter((layer) => !ofLand(layer)) : labels),
    ],
  };
}

const collection = (features: GeoFeature[]): SourceSpecification => ({
  type: 'geojson',
  data: { type: 'FeatureCollection', features },
  // Lines keep their corners; a town is small enough.
  tolerance: 0.2,
});

const tileSource = ({ template, minzoom, maxzoom }: Tiles): SourceSpecification => ({ type: 'raster', tiles: [template], tileSize: 256, minzoom, maxzoom });

/** Dimmed, so that roads and vans stand out. A dark map has its tiles turned over: their darkest as light as the other end says. */
function tileLayer(colour: Colour): LayerSpecification {
  const value = (name: string) => Number(colour(`map-tiles-${name}`));
  return {
    id: 'tiles',
    type: 'raster',
    source: 'tiles',
    paint: {
      'raster-opacity': value('opacity'),
      'raster-saturation': value('saturation'),
      'raster-brightness-min': value('black'),
      'raster-brightness-max': value('white'),
    },
  };
}

const AREAS = new Set(['sea', 'lake', 'wood', 'town', 'site']);

function drawn({ kind, name, points }: Feature): GeoFeature {
  const properties = { kind, ...name };
  if (points.length === 1) return { type: 'Feature', properties, geometry: { type: 'Point', coordinates: points[0]! } };
  if (!AREAS.has(kind)) return { type: 'Feature', properties, geometry: { type: 'LineString', coordinates: points } };
  return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [[...points, points[0]!]] } };
}

function roads({ nodes, edges }: Network): GeoFeature[] {
  const place = (node: number): [number, number] => [nodes[node]!.lng, nodes[node]!.lat];
  return edges.map(({ from, to, shape, class: road }) => ({
    type: 'Feature',
    properties: { class: road },
    geometry: { type: 'LineString', coordinates: [place(from), ...(shape ?? []), place(to)] },
  }));
}

function stopPoint(stop: Stop, { network, depots, stops }: Scenario): GeoFeature {
  const properties = {
    ...stop.name,
    named: !stop.is_virtual,
    depot: depots.some((depot) => depot.node === stop.node),
    // A hall among homes has the name of its district, which stands on the map anyway.
    // Where every corner is a stop, their dots would hide the vans.
    dot: stop.is_virtual && stops.length > MANY ? 14 : 0,
    from: stop.is_virtual ? 14.8 : stop.category === 'home' ? 14.2 : 0,
    rank: stop.category === 'station' ? 10 : stop.weight,
  };
  return point(stop.node, network, properties);
}

function point(node: number, { nodes }: Network, properties: GeoFeature['properties']): GeoFeature {
  const { lng, lat } = nodes[node]!;
  return { type: 'Feature', properties, geometry: { type: 'Point', coordinates: [lng, lat] } };
}

function landLayers(colour: Colour): LayerSpecification[] {
  const area = (kind: string): LayerSpecification => ({
    id: kind,
    type: 'fill',
    source: 'land',
    filter: ['all', ['==', ['get', 'kind'], kind], ['==', ['geometry-type'], 'Polygon']],
    paint: { 'fill-color': colour(`map-${kind}`) },
  });
  const line = (kind: string, id: string, paint: object): LayerSpecification => ({
    id,
    type: 'line',
    source: 'land',
    filter: ['==', ['get', 'kind'], kind],
    layout: { 'line-join': 'round', 'line-cap': 'butt' },
    paint: { 'line-color': colour(`map-${id}`), ...paint },
  });
  return [
    area('wood'),
    area('town'),
    area('site'),
    line('river', 'river', { 'line-width': ['interpolate', ['exponential', 1.5], ['zoom'], 10, 1.2, 16, 14] }),
    area('sea'),
    line('sea', 'coast', { 'line-width': 1 }),
    area('lake'),
    line('rail', 'rail', { 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1.2, 16, 4] }),
    line('rail', 'rail-gap', {
      'line-width': ['interpolate', ['linear'], ['zoom'], 10, 0.5, 16, 2.4],
      'line-dasharray': [6, 6],
    }),
  ];
}

/** On tiles, which have roads too, they let these through. */
function roadLayers(colour: Colour, onTiles: boolean): LayerSpecification[] {
  const width = (road: RoadClass, extra: number): LayerSpecification['paint'] => {
    const [far, near] = WIDTHS[road];
    return { 'line-width': ['interpolate', ['exponential', 1.5], ['zoom'], 11, far + extra, 16, near + 1.5 * extra] };
  };
  const layer = (road: RoadClass, part: 'casing' | 'road', extra: number): LayerSpecification => ({
    id: `${part}-${road}`,
    type: 'line',
    source: 'roads',
    filter: ['==', ['get', 'class'], road],
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: {
      'line-color': colour(part === 'casing' ? 'map-casing' : `map-${road}`),
      'line-opacity': onTiles ? 0.7 : 1,
      ...width(road, extra),
    } as object,
  });
  // All casings lie below all roads, so that crossings stay open.
  return [...CLASSES.map((road) => layer(road, 'casing', 1.2)), ...CLASSES.map((road) => layer(road, 'road', 0))];
}

/** Lines of buses, each in its own colour on the side of the road where it is driven, and their stops. */
export function lineFeatures({ fixed_route: route, stops, network }: Scenario, ways: [number, number][][], colour: Colour): GeoFeature[] {
  const called = new Set(route!.lines.flatMap((line) => line.stops.map(({ stop }) => stop)));
  return [
    ...ways.map((coordinates, line): GeoFeature => ({
      type: 'Feature',
      properties: { colour: colour(`line-${line % 4}`), lane: -0.7 - line },
      geometry: { type: 'LineString', coordinates },
    })),
    ...stops.filter(({ id }) => called.has(id)).map(({ node }) => point(node, network, {})),
  ];
}

function lineLayers(colour: Colour): LayerSpecification[] {
  const byZoom = (far: unknown, near: unknown) => ['interpolate', ['linear'], ['zoom'], 11, far, 16, near];
  const way = (id: string, far: number, near: number, paint: object): LayerSpecification => ({
    id,
    type: 'line',
    source: 'lines',
    filter: ['==', ['geometry-type'], 'LineString'],
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    // Driving is on the left; of several lines on a road each has a lane.
    paint: { 'line-width': byZoom(far, near), 'line-offset': byZoom(['*', 2, ['get', 'lane']], ['*', 5, ['get', 'lane']]), ...paint } as object,
  });
  return [
    way('line-casing', 3, 6.5, { 'line-color': colour('map-halo') }),
    way('line', 1.8, 4, { 'line-color': ['get', 'colour'] }),
  ];
}

function cellLayers(colour: Colour): LayerSpecification[] {
  return [
    {
      id: 'cells',
      type: 'fill',
      source: 'cells',
      paint: { 'fill-color': ['get', 'colour'], 'fill-opacity': CELL_OPACITY },
    },
    {
      id: 'cells-outline',
      type: 'line',
      source: 'cells',
      paint: {
        'line-color': ['case', ['get', 'chosen'], colour('ink'), colour('paper')],
        'line-width': ['case', ['get', 'chosen'], 3, 1],
      },
    },
  ];
}

function labelLayers(colour: Colour, lang: keyof Text): LayerSpecification[] {
  const text = { 'text-field': ['get', lang], 'text-font': FONTS, 'text-max-width': lang === 'ja' ? 14 : 9, 'text-padding': 4 } as const;
  const halo = { 'text-halo-color': colour('map-halo'), 'text-halo-width': 1.6 };
  const water = ['in', ['get', 'kind'], ['literal', ['sea', 'lake', 'river']]];
  const stopNames = (id: string, gap: number, which: unknown, anchors: string[]): LayerSpecification => ({
    id,
    type: 'symbol',
    source: 'stops',
    minzoom: 11.2,
    filter: ['all', which, ['>=', ['zoom'], ['get', 'from']]] as never,
    layout: {
      ...text,
      'text-size': 14,
      'text-variable-anchor': anchors,
      'text-radial-offset': gap,
      'text-justify': 'auto',
      'symbol-sort-key': ['-', 0, ['get', 'rank']],
    } as never,
    paint: { 'text-color': colour('map-stop-name'), ...halo },
  });
  return [
    {
      id: 'river-names',
      type: 'symbol',
      source: 'land',
      minzoom: 11.5,
      filter: ['all', water, ['==', ['geometry-type'], 'LineString']] as never,
      layout: { ...text, 'symbol-placement': 'line', 'text-size': 14, 'symbol-spacing': 420, 'text-letter-spacing': 0.1 } as never,
      paint: { 'text-color': colour('map-water-name'), ...halo, 'text-halo-color': colour('map-halo') },
    },
    {
      id: 'rail-names',
      type: 'symbol',
      source: 'land',
      minzoom: 12,
      filter: ['==', ['get', 'kind'], 'rail'],
      layout: { ...text, 'symbol-placement': 'line', 'text-size': 14, 'symbol-spacing': 500, 'text-offset': [0, 1] } as never,
      paint: { 'text-color': colour('map-name'), ...halo },
    },
    {
      id: 'stops',
      type: 'circle',
      source: 'stops',
      filter: ['>=', ['zoom'], ['get', 'dot']] as never,
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, ['case', ['get', 'named'], 1.8, 0.9], 16, ['case', ['get', 'named'], 6, 4]],
        'circle-color': colour('map-stop'),
        'circle-stroke-color': colour('map-stop-edge'),
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 10, 0.6, 16, 1.8],
      },
    },
    {
      id: 'line-stops',
      type: 'circle',
      source: 'lines',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, 3, 16, 8],
        'circle-color': colour('paper'),
        'circle-stroke-color': colour('ink'),
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 10, 1.5, 16, 3],
      },
    },
    {
      id: 'site-names',
      type: 'symbol',
      source: 'land',
      minzoom: 13,
      filter: ['all', ['in', ['get', 'kind'], ['literal', ['site', 'lake', 'wood', 'town']]], ['has', lang], ['==', ['geometry-type'], 'Polygon']],
      layout: { ...text, 'text-size': 14 } as never,
      paint: { 'text-color': colour('map-name'), ...halo },
    },
    {
      id: 'place-names',
      type: 'symbol',
      source: 'land',
      filter: ['==', ['get', 'kind'], 'label'],
      layout: {
        ...text,
        'text-size': ['interpolate', ['linear'], ['zoom'], 11, 14, 15, 19],
        'text-letter-spacing': lang === 'ja' ? 0.16 : 0.06,
      } as never,
      paint: { 'text-color': colour('map-place-name'), ...halo },
    },
    stopNames('stop-names', 0.6, ['!', ['get', 'depot']], ['bottom', 'right', 'left', 'top']),
    // Unseen: it keeps names away from the vans that stand in a row at a depot.
    {
      id: 'parked',
      type: 'symbol',
      source: 'depots',
      layout: {
        'text-field': '■■',
        'text-font': FONTS,
        'text-size': 32,
        'text-anchor': 'left',
        'text-offset': [-0.5, 0.3],
        'text-allow-overlap': true,
      } as never,
      paint: { 'text-opacity': 0 },
    },
    // Left of the vans that stand there.
    stopNames('depot-names', 1.5, ['get', 'depot'], ['right', 'bottom', 'left', 'top']),
    {
      id: 'cell-numbers',
      type: 'symbol',
      source: 'cells',
      filter: ['==', ['geometry-type'], 'Point'],
      layout: { 'text-field': ['to-string', ['get', 'trips']], 'text-font': FONTS, 'text-size': 14, 'text-allow-overlap': true },
      paint: { 'text-color': ['get', 'ink'] },
    },
  ];
}
