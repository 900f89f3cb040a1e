// The clock of the page: which moment of the day is shown, and how fast it goes on.

/** Seconds of the day for each second on the wall. */
export const SPEEDS = [1, 10, 60, 300, 600] as const;

type Listener = (t_s: number) => void;

export class Clock {
  #t_s = 0;
  #playing = false;
  #listeners: Listener[] = [];
  begin_s = 0;
  end_s = 0;
  /** Where playing begins again after the end. */
  opens_s = 0;
  speed: number = 60;

  get t_s(): number {
    return this.#t_s;
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** Called after every change of the moment shown. */
  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** A new day; the moment shown stays where it lies within it. */
  setDay(begin_s: number, end_s: number, opens_s = begin_s): void {
    this.begin_s = begin_s;
    this.end_s = Math.max(end_s, begin_s);
    this.opens_s = Math.min(Math.max(opens_s, begin_s), this.end_s);
    this.seek(this.#t_s);
  }

  seek(t_s: number): void {
    this.#t_s = Math.min(Math.max(t_s, this.begin_s), this.end_s);
    for (const listener of this.#listeners) listener(this.#t_s);
  }

  /** To the next whole minute and on, in either direction. */
  step(minutes: number): void {
    const now = this.#t_s / 60;
    this.seek((minutes > 0 ? Math.floor(now) + minutes : Math.ceil(now) + minutes) * 60);
  }

  /** From the end of the day, playing begins it again, where there is something to see. */
  play(): void {
    if (this.#t_s >= this.end_s) this.seek(this.opens_s);
    this.#playing = this.end_s > this.begin_s;
  }

  pause(): void {
    this.#playing = false;
  }

  /** Lets `wall_s` seconds pass; true while it plays. */
  tick(wall_s: number): boolean {
    if (!this.#playing) return false;
    this.seek(this.#t_s + wall_s * this.speed);
    if (this.#t_s >= this.end_s) this.#playing = false;
    return this.#playing;
  }
}
