import type { Text } from '../pkg/noriai.js';

/** Hands a text to the browser as a file; with the mark by which Excel knows UTF-8. */
export const download = (name: string, text: string): void => offer(name, new Blob(['\ufeff', text], { type: 'text/csv' }));

/** What a file of a town is called: its name in letters that every system takes. */
export function fileName({ en }: Text, ending = '.json'): string {
  const name = en.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return `${name || 'town'}${ending}`;
}

/** Hands something to the browser as a file. */
export function offer(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
