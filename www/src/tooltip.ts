// One small note for everything that explains itself: shown on hover, focus and tap of elements with `data-note`.
export class Tooltip {
  #owner?: HTMLElement;

  constructor(
    root: HTMLElement,
    private readonly note: HTMLElement,
  ) {
    const owner = (event: Event) => (event.target as Element).closest<HTMLElement>('[data-note]');
    for (const type of ['pointerover', 'focusin', 'click']) {
      root.addEventListener(type, (event) => {
        const element = owner(event);
        if (element) this.#show(element);
        else if (type !== 'focusin') this.#hide();
      });
    }
    root.addEventListener('focusout', () => this.#hide());
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#hide();
    });
    // The focus scrolls what it reaches into view: the note comes along.
    const scrolled = () => (this.#owner && this.#owner === document.activeElement ? this.#place(this.#owner) : this.#hide());
    document.addEventListener('scroll', scrolled, { capture: true, passive: true });
  }

  #show(owner: HTMLElement): void {
    if (owner === this.#owner) return;
    this.#owner = owner;
    this.note.textContent = owner.dataset['note']!;
    this.note.showPopover();
    this.#place(owner);
  }

  #place(owner: HTMLElement): void {
    // Beside its owner on the side with more room, else below it; never outside the window.
    const from = owner.getBoundingClientRect();
    const size = this.note.getBoundingClientRect();
    const gap = 12;
    let left = from.left > window.innerWidth / 2 ? from.left - size.width - gap : from.right + gap;
    let top = from.top;
    if (left < gap || left + size.width > window.innerWidth - gap) {
      left = from.left;
      top = from.bottom + gap / 2;
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
