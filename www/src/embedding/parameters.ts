// What the address of an embedded page says beside town, language and theme: which panels it shows, and who may speak with it.
import { TABS, type Tab } from '../place';

export interface Parameters {
  /** In the page's order; all unless `?panels=day,figures` names some. */
  panels: Tab[];
  /** Exact origins of pages that may speak with this one: `?parent=https://portal.example`, repeated for several. Nobody else may. */
  parents: string[];
}

export function parametersIn(search: string): Parameters {
  const given = new URLSearchParams(search);
  const wanted = given.get('panels')?.split(',');
  const known = TABS.filter((panel) => wanted?.includes(panel));
  return { panels: known.length > 0 ? known : [...TABS], parents: given.getAll('parent').filter(isOrigin) };
}

/** A whole origin and nothing more; no pattern, and not `null`, which every sandboxed page has. */
const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;
