// Files that people bring: trips, a scenario, plain tables (four files that make a town as `noriai generate` writes them), roads of a
// map, a feed of timetables.
import { check_file_size, check_scenario, type ImportedSeries, type Problem, type Scenario, type Text } from '../pkg/noriai.js';
import type { Reader } from './own/reader';
import type { Changes } from './share/changes';
import { reportIn } from './share/report';
import { beginsMadeHere } from './share/tables';
import type { Notice } from './state';

export const TABLES = ['nodes', 'edges', 'requests', 'vehicles'] as const;
export type Table = (typeof TABLES)[number];

/** Which of these file names are tables: those that end as a table is called, whatever stands before. */
export function tablesAmong(names: string[]): Map<Table, number> {
  const found = new Map<Table, number>();
  names.forEach((name, index) => {
    const stem = name.toLowerCase().replace(/\.[^.]*$/, '');
    const table = TABLES.find((each) => stem.endsWith(each));
    if (table) found.set(table, index);
  });
  return found;
}

/** Whether files are meant as tables: requests alone may be trips between the stops of a town. */
export const meansTables = (found: Map<Table, number>): boolean => [...found.keys()].some((table) => table !== 'requests');

/** Dropped files; a folder stands for those in it. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // Both are empty as soon as the drop has been handled.
  const files = [...transfer.files];
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const folder = entries.find((entry) => entry?.isDirectory) as FileSystemDirectoryEntry | undefined;
  if (!folder) return files;
  const inside = await new Promise<FileSystemEntry[]>((resolve, reject) => folder.createReader().readEntries(resolve, reject));
  const file = (entry: FileSystemEntry) => new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
  return Promise.all(inside.filter((entry) => entry.isFile).map(file));
}

/** Roads and a feed, which become a town by and by. */
export interface Sources {
  roads?: File;
  archive?: File;
}

/** What came of files. */
export type Loaded =
  | { town: Scenario }
  | { changes: Changes }
  | { table: File }
  | { points: File }
  | { notice: Notice }
  | { sources: Sources };

/** So much of a JSON file tells what it is. */
const BEGINNING = 1 << 16;

/** Whether JSON that begins like this is of roads: an answer of Overpass, or GeoJSON. */
export const beginsRoads = (text: string): boolean => /"elements"\s*:\s*\[|"type"\s*:\s*"(Feature|\w+Collection|(Multi)?LineString)"/.test(text);

/** Whether JSON that begins like this is GeoJSON of points: people, or floors. */
export const beginsPoints = (text: string): boolean => /"type"\s*:\s*"(Multi)?Point"/.test(text) && !/"type"\s*:\s*"(Multi)?LineString"/.test(text);

/** The roads and the feed among files, by their names and, of JSON, by how they begin. */
export async function sourcesAmong(files: File[]): Promise<Sources | undefined> {
  const sources: Sources = {};
  for (const file of files) {
    const name = file.name.toLowerCase();
    if (name.endsWith('.zip')) sources.archive ??= file;
    else if (/\.(pbf|osm|xml|geojson)$/.test(name) || (name.endsWith('.json') && beginsRoads(await file.slice(0, BEGINNING).text()))) {
      sources.roads ??= file;
    }
  }
  return sources.roads || sources.archive ? sources : undefined;
}

/** Reads files; of trips and of points with weights it only says that they are there. */
export async function loadFiles(files: File[], reader: Reader): Promise<Loaded> {
  const tables = tablesAmong(files.map(({ name }) => name));
  if (meansTables(tables)) return loadTables(files, tables, reader);
  const [file] = files as [File];
  const beginning = await file.slice(0, BEGINNING).text();
  if (beginsMadeHere(beginning)) return { notice: { kind: 'forOthers', file: file.name } };
  if (/\.(geo)?json$/.test(file.name.toLowerCase()) && beginsPoints(beginning)) return { points: file };
  const sources = await sourcesAmong(files);
  if (sources) return { sources };
  return file.name.toLowerCase().endsWith('.json') ? loadScenario(file) : { table: file };
}

async function loadScenario(file: File): Promise<Loaded> {
  const notice = (details: Text[]): Loaded => ({ notice: { kind: 'badScenario', file: file.name, details } });
  return orProblems<Loaded>(async () => {
    check_file_size('scenario', file.name, file.size);
    const text = await file.text();
    const report = reportIn(text);
    if (report) return report.changes ? { changes: report.changes } : { notice: { kind: 'reportAlone', file: file.name } };
    const { problems } = check_scenario(text);
    return problems.length > 0 ? notice(sentences(problems)) : { town: JSON.parse(text) as Scenario };
  }, notice);
}

async function loadTables(files: File[], found: Map<Table, number>, reader: Reader): Promise<Loaded> {
  const missing = TABLES.filter((table) => !found.has(table));
  if (missing.length > 0) return { notice: { kind: 'missingTables', missing: missing.map((table) => `${table}.csv`) } };
  const tables = TABLES.map((table) => files[found.get(table)!]!);
  return orProblems<Loaded>(
    async () => {
      for (const { name, size } of tables) check_file_size('table', name, size);
      const read = await reader.ask({ of: 'tables', files: tables as [File, File, File, File] });
      if (!('town' in read)) throw new Error('another question was answered');
      return { town: JSON.parse(read.town) as Scenario };
    },
    (details) => ({ notice: { kind: 'badTables', details } }),
  );
}

/** A series of half hours or hours, by a part of its column's name where there are several; a notice if it cannot be one. */
export const loadSeriesFile = (file: File, column: string, allowNegative: boolean, reader: Reader): Promise<{ series: ImportedSeries } | { notice: Notice }> =>
  orProblems<{ series: ImportedSeries } | { notice: Notice }>(
    async () => {
      check_file_size('series', file.name, file.size);
      const read = await reader.ask({ of: 'series', file, column, allowNegative });
      if (!('series' in read)) throw new Error('another question was answered');
      return read;
    },
    (details) => ({ notice: { kind: 'badSeriesFile', file: file.name, details } }),
  );

/** What was read, or what is made of the problems that a `ScenarioError` carries, or of the failure of the worker that reads. */
async function orProblems<T>(read: () => Promise<T>, otherwise: (details: Text[]) => T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    // The page's own core cannot be used any more after it.
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return otherwise(reasons(error));
  }
}

/** Why something could not be read. */
export function reasons(error: unknown): Text[] {
  const { problems, message } = error as { problems?: Problem[]; message: string };
  return problems ? sentences(problems) : [{ ja: message, en: message }];
}

/** Problems with their paths, to be read. */
export function sentences(problems: Problem[]): Text[] {
  const sentence = (path: string, message: string) => (path ? `${path}: ${message}` : message);
  return problems.map(({ path, message: { ja, en } }) => ({ ja: sentence(path, ja), en: sentence(path, en) }));
}
