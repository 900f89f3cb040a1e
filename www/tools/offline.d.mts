/** Writes service-worker.js beside a built page. */
export function writeServiceWorker(folder: string): Promise<void>;
