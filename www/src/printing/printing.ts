// Prints the day shown: makes the pictures, sets the sheet, and hands it to the browser, which makes paper or a PDF of it.
import { nothing, render } from 'lit';
import type { App } from '../app';
import { chartsPicture, mapPicture } from '../share/pictures';
import { hasOwnTrips } from '../share/masking';
import type { Result } from '../state';
import { printed, type Pictures } from './sheet';

export class Printing {
  /** What is printed next; without it, what the browser's own menu prints has no pictures. */
  #prepared?: { result: Result; pictures: Pictures };

  constructor(
    private readonly app: App,
    private readonly host: HTMLElement,
  ) {
    window.addEventListener('beforeprint', this.#set);
    window.addEventListener('afterprint', this.#clear);
  }

  /** Resolves when the browser has taken the sheet. */
  print = async (): Promise<void> => {
    const { app } = this;
    const { result } = app.state;
    if (!result) return;
    this.#forget();
    this.#prepared = { result, pictures: await this.#pictures(result) };
    this.#set();
    await Promise.all([...this.host.querySelectorAll('img')].map((image) => image.decode()));
    window.print();
  };

  /** Pictures in the colours of paper. */
  async #pictures(result: Result): Promise<Pictures> {
    const { app } = this;
    const { theme } = app.state;
    const picture = async (make: Promise<Blob>) => URL.createObjectURL(await make);
    app.setTheme('light');
    try {
      const map = app.mapPicture && (await picture(mapPicture(app, result)));
      // Its lines tell of each trip.
      const charts = hasOwnTrips(result.scenario) ? undefined : await picture(chartsPicture(app, result));
      return { ...(map && { map }), ...(charts && { charts }) };
    } finally {
      app.setTheme(theme);
    }
  }

  #set = (): void => {
    const { state } = this.app;
    const result = this.#prepared?.result ?? state.result;
    if (result) render(printed(this.app, result, this.#prepared?.pictures, state.carrying?.link), this.host);
  };

  #clear = (): void => {
    this.#forget();
    render(nothing, this.host);
  };

  #forget(): void {
    for (const address of Object.values(this.#prepared?.pictures ?? {})) URL.revokeObjectURL(address);
    this.#prepared = undefined;
  }
}
