// Reads files of roads and feeds of timetables in slices, and makes towns of them, so that the page never waits. It fetches its module
// itself: most visits have no file.
import init, { GtfsFeed, RoadReader, check_file_size, type Problem, type RoadFile, type Text } from '../../pkg/readers.js';
import type { Contents, FromImporter, Made, ToImporter, Wish } from './protocol';

declare const self: DedicatedWorkerGlobalScope;

/** Points of roads by which the page shows where they are. */
const POINTS = 20_000;

/** Progress is told so often, milliseconds. */
const TELL_MS = 50;

const tell = (message: FromImporter, transfer: Transferable[] = []) => self.postMessage(message, transfer);

const core = init();
let roads: RoadFile | undefined;
let feed: GtfsFeed | undefined;
let feedName = '';

async function readRoads(file: File, swap: boolean): Promise<RoadFile> {
  check_file_size('roads', file.name, file.size);
  const reader = new RoadReader(file.name, swap);
  let read = 0;
  let told = performance.now();
  for await (const piece of file.stream() as unknown as AsyncIterable<Uint8Array>) {
    reader.feed(piece);
    read += piece.length;
    if (performance.now() - told > TELL_MS) {
      told = performance.now();
      tell({ kind: 'progress', share: read / file.size, notes: reader.notes() });
    }
  }
  tell({ kind: 'progress', share: 1, notes: reader.notes() });
  return reader.finish();
}

async function readFeed(file: File, swap: boolean): Promise<GtfsFeed> {
  check_file_size('feed', file.name, file.size);
  const feed = new GtfsFeed(new Uint8Array(await file.arrayBuffer()));
  return swap ? feed.swap() : feed;
}

async function read({ roads: map, feed: archive, swap }: ToImporter & { kind: 'read' }): Promise<void> {
  const contents: Contents = {};
  if (archive) {
    feedName = archive.name;
    feed = await readFeed(archive, swap);
    contents.feed = feed.summary();
  }
  if (map) {
    roads = await readRoads(map, swap);
    contents.notes = roads.notes();
    contents.points = roads.sample(POINTS);
  }
  tell({ kind: 'read', ...contents }, contents.points ? [contents.points.buffer] : []);
}

function make(wish: Wish): Made {
  if (wish.kind === 'flex') {
    const { scenario, notes } = feed!.flex(wish.date, wish.scenario);
    return { scenario, farStops: 0, remarks: notes };
  }
  const town = wish.kind === 'town' ? newTown(wish.spec) : { scenario_json: wish.scenario, far_stops: 0 };
  const made: Made = { scenario: town.scenario_json, notes: 'notes' in town ? town.notes : undefined, farStops: town.far_stops, remarks: [] };
  if (!wish.bus) return made;
  const { scenario, outcome } = feed!.baseline(wish.bus.routes, wish.bus.date, town.scenario_json);
  return { ...made, scenario, outcome, remarks: outcome.notes };
}

function newTown(spec: Parameters<RoadFile['town']>[0]) {
  if (!roads) return feed!.town(feedName, spec);
  return feed ? roads.town_of_feed(feed, spec) : roads.town(spec);
}

async function answer(data: ToImporter): Promise<void> {
  await core;
  switch (data.kind) {
    case 'read':
      await read(data);
      break;
    case 'date':
      tell({ kind: 'date', feed: feed!.summary(data.date) });
      break;
    case 'make':
      tell({ kind: 'made', made: make(data.wish) });
      break;
  }
}

self.onmessage = ({ data }: MessageEvent<ToImporter>) => {
  answer(data).catch((error: unknown) => {
    const { problems, text } = error as { problems?: Problem[]; text?: Text };
    if (problems) tell({ kind: 'wrong', problems });
    else if (text) tell({ kind: 'wrong', problems: [{ path: feedName, message: text }] });
    else tell({ kind: 'crashed', message: String(error) });
  });
};
