// The worker that reads tables of one's own. It fetches its module itself: most visits have no file.
import init, { import_series, import_tables, import_trips, import_weights, preview_trips, type Problem } from '../../pkg/readers.js';
import type { FromReader, Read, Reading } from './reader';

declare const self: DedicatedWorkerGlobalScope;

const core = init();

const bytesOf = async (file: Blob) => new Uint8Array(await file.arrayBuffer());

async function read(reading: Reading): Promise<Read> {
  await core;
  switch (reading.of) {
    case 'preview':
      return { preview: preview_trips(reading.scenario, await bytesOf(reading.file), reading.options) };
    case 'trips':
      return { trips: import_trips(reading.scenario, await bytesOf(reading.file), reading.options) };
    case 'weights':
      return { weights: import_weights(reading.scenario, await bytesOf(reading.file), reading.file.name) };
    case 'series':
      return { series: import_series(await bytesOf(reading.file), reading.column, reading.allowNegative) };
    case 'tables': {
      const [nodes, edges, requests, vehicles] = (await Promise.all(reading.files.map((file) => file.text()))) as [string, string, string, string];
      return { town: import_tables(nodes, edges, requests, vehicles) };
    }
  }
}

self.onmessage = ({ data }: MessageEvent<Reading>) => {
  const tell = (message: FromReader) => self.postMessage(message);
  read(data).then(
    (read) => tell({ read }),
    (error: unknown) => {
      const { problems } = error as { problems?: Problem[] };
      tell(problems ? { problems } : { crashed: String(error) });
    },
  );
};
