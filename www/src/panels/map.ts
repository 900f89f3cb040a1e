// What the map's signs mean, and the demand map's controls and scale.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Cell } from '../../pkg/noriai.js';
import type { App } from '../app';
import { clock } from '../format';
import { CHARGING, lineSign, ringSign, riderSign, smallRiderSign, smallVanSign, STATES_SHOWN, vanSign } from '../map/signs';
import { hasBatteries, heatSpan, type Heat } from '../state';
import { CIVIDIS } from '../theme';
import { backgroundChoice, backgroundConsent } from './background';
import { choose } from './controls';
import { vanButtons } from './vans';

/** Cells to choose from by the keyboard. */
const CELLS = 100;

export function mapPanel(app: App): TemplateResult {
  const { words, state } = app;
  const w = words.map;
  return html`
    <section class="map-panel sheet" part="legend" aria-label=${words.tabs.map}>
      <div class="map-head">
        ${vanButtons(app)} ${backgroundChoice(app)}
        <label class="switch">
          <input type="checkbox" role="switch" .checked=${state.heat.on} @change=${() => app.setHeat({ on: !state.heat.on })} />
          ${w.heatShow}
        </label>
      </div>
      ${backgroundConsent(app)}
      ${state.heat.on ? heatControls(app, state.heat, state.cells) : signs(app)}
    </section>
  `;
}

function signs(app: App): TemplateResult {
  const { crowded, result } = app.state;
  const w = app.words.map;
  const batteries = !result || hasBatteries(result.report);
  const states = batteries ? STATES_SHOWN : STATES_SHOWN.filter((state) => state !== CHARGING);
  const lines = result?.ways ? result.scenario.fixed_route!.lines : [];
  return html`
    <ul class="signs" aria-label=${app.vehicles.all}>
      ${states.map((vanState) => html`<li>${crowded ? smallVanSign(vanState) : vanSign(vanState)} ${app.vehicles.states[vanState]}</li>`)}
      <li>${crowded ? smallRiderSign : riderSign} ${w.waiting}</li>
      ${crowded || !batteries ? nothing : html`<li>${ringSign} ${w.ring}</li>`}
      ${lines.map((line, index) => html`<li>${lineSign(index)} ${app.say(line.name)}</li>`)}
    </ul>
  `;
}

function heatControls(app: App, heat: Heat, cells: Cell[]): TemplateResult {
  const { words, format, state } = app;
  const w = words.map;
  const span = heatSpan(heat, app.clock.t_s);
  const most = Math.max(1, ...cells.map((cell) => cell.trips));
  const chosen = state.detail?.kind === 'cell' ? state.detail.id : '';
  return html`
    <div class="heat">
      ${choose(
        w.heat,
        [
          { value: 'origin', label: w.origin },
          { value: 'destination', label: w.destination },
        ] as const,
        heat.end,
        (end) => app.setHeat({ end }),
      )}
      ${choose(
        w.hours,
        [
          { value: 'day', label: w.wholeDay },
          { value: 'now', label: w.thisHour },
          { value: 'chosen', label: w.chosen },
        ] as const,
        heat.hours,
        (hours) => app.setHeat({ hours }),
      )}
      ${heat.hours === 'now' ? html`<span>${clock(span.from_s)}–${clock(span.to_s)}</span>` : nothing}
      ${heat.hours === 'chosen'
        ? html`<span class="row">
            ${hourChoice(w.from, heat.from_h, (from_h) => app.setHeat({ from_h, to_h: Math.max(heat.to_h, from_h + 1) }))}–
            ${hourChoice(w.to, heat.to_h, (to_h) => app.setHeat({ to_h, from_h: Math.min(heat.from_h, to_h - 1) }))}
          </span>`
        : nothing}
      ${choose(
        w.size,
        [
          { value: 8, label: w.large },
          { value: 9, label: w.small },
        ],
        heat.resolution,
        (resolution) => app.setHeat({ resolution }),
      )}
      <div class="scale" role="img" aria-label="${w.legendCalls} 1–${format.number(most)}">
        <span>${w.legendCalls} 1</span>
        <svg viewBox="0 0 ${CIVIDIS.length} 1" preserveAspectRatio="none">
          ${CIVIDIS.map((colour, index) => svg`<rect x=${index} width="1.02" height="1" fill=${colour} />`)}
        </svg>
        <span>${format.number(most)}</span>
      </div>
      <select
        aria-label=${w.cells}
        @change=${(event: Event) => app.show({ kind: 'cell', id: (event.target as HTMLSelectElement).value })}
      >
        <option value="" ?selected=${chosen === ''} disabled>${w.cells}</option>
        ${[...cells]
          .sort((a, b) => b.trips - a.trips)
          .slice(0, CELLS)
          .map(
            ({ id, trips, refused }) => html`
              <option value=${id} ?selected=${id === chosen}>${w.cellItem(format.number(trips), format.number(refused))}</option>
            `,
          )}
      </select>
    </div>
  `;
}

function hourChoice(name: string, value: number, change: (hour: number) => void): TemplateResult {
  return html`
    <select aria-label=${name} @change=${(event: Event) => change(Number((event.target as HTMLSelectElement).value))}>
      ${Array.from({ length: 25 }, (_, hour) => html`<option value=${hour} ?selected=${hour === value}>${clock(hour * 3600)}</option>`)}
    </select>
  `;
}
