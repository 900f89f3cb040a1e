// One small note for everything that explains itself: shown on hover, focus and tap of elements with `data-note`.
import { treeOf } from './place';

/** How long the pointer may take from an element to its note, milliseconds. */
const WAY_MS = 300;

export class Tooltip {
  #owner?: HTMLElement;
  #hideSoon?: ReturnType<typeof setTimeout>;

  constructor(
    root: HTMLElement,
    private readonly note: HTMLElement,
    signal?: AbortSignal,
  ) {
    const tree = treeOf(root);
    const owner = (event: Event) => (event.target as Element).closest<HTMLElement>('[data-note]');
    for (const type of ['pointerover', 'focusin', 'click']) {
      root.addEventListener(type, (event) => {
        const element = owner(event);
        clearTimeout(this.#hideSoon);
        if (element) this.#show(element);
        else if (type === 'click') this.#hide();
        // The note itself can be pointed at.
        else if (type === 'pointerover' && !note.contains(event.target as Node)) this.#hideSoon = setTimeout(() => this.#hide(), WAY_MS);
      });
    }
    root.addEventListener('focusout', () => this.#hide());
    tree.addEventListener('keydown', (event) => {
      if ((event as KeyboardEvent).key === 'Escape') this.#hide();
    });
    // The focus scrolls what it reaches into view: the note comes along.
    const scrolled = () => (this.#owner && this.#owner === tree.activeElement ? this.#place(this.#owner) : this.#hide());
    // What scrolls within a shadow tree is heard there alone.
    for (const target of tree instanceof ShadowRoot ? [tree, window] : [window]) {
      target.addEventListener('scroll', scrolled, { capture: true, passive: true, signal });
    }
  }

  #show(owner: HTMLElement): void {
    if (owner === this.#owner) return;
    this.#owner = owner;
    this.note.textContent = owner.dataset['note']!;
    this.note.showPopover();
    this.#place(owner);
  }

  #place(owner: HTMLElement): void {
    // Beside its owner on the side with more room, else below or above it; never over it, nor outside the window.
    const from = owner.getBoundingClientRect();
    const size = this.note.getBoundingClientRect();
    const gap = 12;
    let left = from.left > window.innerWidth / 2 ? from.left - size.width - gap : from.right + gap;
    let top = from.top;
    if (left < gap || left + size.width > window.innerWidth - gap) {
      left = from.left;
      top = from.bottom + gap / 2;
      if (top + size.height > window.innerHeight - gap) top = from.top - gap / 2 - size.height;
    }
    this.note.style.left = `${Math.max(gap, Math.min(left, window.innerWidth - size.width - gap))}px`;
    this.note.style.top = `${Math.max(gap, Math.min(top, window.innerHeight - size.height - gap))}px`;
  }

  #hide(): void {
    if (!this.#owner) return;
    this.#owner = undefined;
    this.note.hidePopover();
  }
}
