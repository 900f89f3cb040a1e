// Light and dark. The colours themselves stand in style/colours.css; here they are read for what CSS cannot reach.
export type ThemeName = 'light' | 'dark';

/** The theme asked for in the address (`?theme=dark`), else the system's. */
export function firstTheme(search: string, prefersDark: boolean): ThemeName {
  const asked = new URLSearchParams(search).get('theme');
  return asked === 'light' || asked === 'dark' ? asked : prefersDark ? 'dark' : 'light';
}

/** The value of a custom property of style/colours.css, as in `colour('accent')`, where an element stands. */
export const colour = (name: string, ground: Element = document.documentElement): string =>
  getComputedStyle(ground).getPropertyValue(`--${name}`).trim();

/** Cividis, for amounts, in ten steps; readable with every kind of colour vision (Nuñez, Anderton, Renslow 2018). */
export const CIVIDIS = ['#00224e', '#123570', '#3b496c', '#575d6d', '#707173', '#8a8678', '#a59c74', '#c3b369', '#e1cc55', '#fee838'];

/** The colour of an amount between 0 and 1. */
export function cividis(share: number): string {
  const index = Math.round(Math.min(Math.max(share, 0), 1) * (CIVIDIS.length - 1));
  return CIVIDIS[index]!;
}
