// Where the page stands: it is a whole document, alone or within another one's frame, or an element of somebody else's document.

/** The panels around the map; on a phone the tabs below it. */
export const TABS = ['try', 'figures', 'day', 'map'] as const;
export type Tab = (typeof TABS)[number];

export interface Place {
  readonly kind: 'page' | 'frame' | 'element';
  /** What the page is drawn into. */
  readonly page: HTMLElement;
  /** What carries language and theme: the document's root, or within an element the page itself. */
  readonly ground: HTMLElement;
  /** Aborted when an element leaves its document. */
  readonly closed?: AbortSignal;
}

/** The place of a page that has a document to itself. */
export const documentPlace = (): Place => ({
  kind: window.parent === window ? 'page' : 'frame',
  page: document.querySelector<HTMLElement>('#page')!,
  ground: document.documentElement,
});

/** What has the focus and keys of an element: its document, or the shadow tree that it lies in. */
export const treeOf = (element: Element): Document | ShadowRoot => element.getRootNode() as Document | ShadowRoot;

/** Scrolls what an element lies in until it stands at the top, and nothing around the page with it. */
export function bringUp(element: Element): void {
  const scrolls = (each: Element) => each.scrollHeight > each.clientHeight && ['auto', 'scroll'].includes(getComputedStyle(each).overflowY);
  let around = element.parentElement;
  while (around && !scrolls(around)) around = around.parentElement;
  if (around) around.scrollTop += element.getBoundingClientRect().top - around.getBoundingClientRect().top;
}
