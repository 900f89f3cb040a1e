// The vans' signs: one shape for each state besides its colour, the same on the map and in the legend.
import { html, svg, type TemplateResult } from 'lit';

/** States as the core numbers them. */
export const OFF = 0;
export const IDLE = 1;
export const EMPTY = 2;
export const RIDERS = 3;
export const BOARDING = 4;
export const CHARGING = 5;

/** In the order of the legend. */
export const STATES_SHOWN = [RIDERS, BOARDING, EMPTY, IDLE, CHARGING];

const BODY = 'M-5.5 7V-4Q-5.5 -10 0 -10.5Q5.5 -10 5.5 -4V7Q5.5 9.5 3 9.5H-3Q-5.5 9.5 -5.5 7Z';
const SQUARE = 'M-8 -5Q-8 -8 -5 -8H5Q8 -8 8 -5V5Q8 8 5 8H-5Q-8 8 -8 5Z';
const DOT = 'M-4 0A4 4 0 1 0 4 0A4 4 0 1 0 -4 0Z';

/** Outlines by state, front upwards, some 20 units long. */
export const OUTLINES = [DOT, BODY, BODY, BODY, SQUARE, BODY];
export const WINDSCREEN = 'M-3.4 -3.2Q0 -5.6 3.4 -3.2L2.8 -0.6H-2.8Z';
export const BOLT = 'M1.4 -6.5L-4 1.2H-0.6L-1.6 6.8L4 -1.2H0.5Z';

/** The colour of a state, by its name in style/colours.css. */
export const STATE_COLOURS = ['van-off', 'van-idle', 'van-empty', 'accent', 'accent', 'van-charging'];

export const riderSign = html`
  <svg class="sign" viewBox="-12 -12 24 24" aria-hidden="true">
    ${svg`<path class="rider" d="M0 12L-7 2A9 9 0 1 1 7 2Z" /><circle class="bolt" cy="-6" r="2.6" /><path class="bolt" d="M-4.5 1.2A4.5 4.5 0 0 1 4.5 1.2Z" />`}
  </svg>
`;

export const ringSign = html`
  <svg class="sign" viewBox="-12 -12 24 24" aria-hidden="true">
    ${svg`<circle class="ring-rest" r="9" /><path class="ring" d="M0 -9A9 9 0 1 1 -9 0" />`}
  </svg>
`;

/** A line of a bus, by its index. */
export const lineSign = (line: number): TemplateResult => html`
  <svg class="sign line-${line % 4}" viewBox="0 0 20 20" aria-hidden="true">${svg`<path d="M1 10H19" /><circle cx="10" cy="10" r="3.5" />`}</svg>
`;

/** Outlines of the signs of many vans, by state, for the legend; those who stand have a smaller one of the usual. */
const SMALL: Record<number, string> = {
  [EMPTY]: 'M0 -7L4.5 5L0 2.5L-4.5 5Z',
  [RIDERS]: 'M0 -7L4.5 5L0 2.5L-4.5 5Z',
  [BOARDING]: 'M-4 -4H4V4H-4Z',
};

/** The same where there are many vans. */
export const smallVanSign = (state: number): TemplateResult => html`
  <svg class="sign state-${state}" viewBox=${SMALL[state] ? '-10 -10 20 20' : '-17 -17 34 34'} aria-hidden="true">
    ${svg`<path class="outline" d=${SMALL[state] ?? OUTLINES[state]!} />`}
  </svg>
`;

export const smallRiderSign = html`
  <svg class="sign" viewBox="-10 -10 20 20" aria-hidden="true">${svg`<circle class="waiting" r="4" />`}</svg>
`;

/** A state's sign for the legend. */
export function vanSign(state: number): TemplateResult {
  return html`
    <svg class="sign state-${state}" viewBox="-12 -12 24 24" aria-hidden="true">
      ${svg`<path class="outline" d=${OUTLINES[state]!} />`}
      ${state === EMPTY ? svg`<path class="glass" d=${WINDSCREEN} />` : state === CHARGING ? svg`<path class="bolt" d=${BOLT} />` : ''}
      ${state === RIDERS || state === BOARDING ? svg`<circle class="bolt" r="2.6" cy="1" />` : ''}
    </svg>
  `;
}
