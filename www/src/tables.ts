// Plain tables: four files that make a town, as `noriai generate` writes them.

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
