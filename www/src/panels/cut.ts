// A power cut: for how long the batteries carry what has to go on, who gives, and what it costs the riders.
import { html, nothing, type TemplateResult } from 'lit';
import type { CutByPolicy, PowerCut, Site } from '../../pkg/noriai.js';
import type { App } from '../app';
import { CUT_SUPPLY, cutTable, isThere, shortName, siteOf, WEEK_H } from '../energy';
import { clock } from '../format';
import { canBeStudied, type ChargingKind } from '../settings';
import { slider } from './controls';
import { chart, contractOf, unitName } from './energy';
import { cutPlot, swatch, type Paper } from './plots';

/** A clock time on one of the days of a power cut: `07:30`, and `07:30 +1` on the next. */
const cutClock = (t_s: number): string => {
  const days = Math.floor(t_s / 86_400);
  return days > 0 ? `${clock(t_s % 86_400)} +${days}` : clock(t_s);
};

export function cutView(app: App, paper: (from_s: number, until_s: number) => Paper): TemplateResult {
  const { words, format, state } = app;
  const w = words.energy;
  const { cut: asked } = state;
  const depot = siteOf(state.result!.report.sites, state.site)?.depot;
  const loads = contractOf(app, depot)?.critical_loads ?? [];
  if (loads.length === 0) return html`<p class="hint">${w.noLoads}</p>`;
  if (!canBeStudied(state.result!.scenario)) return html`<p class="hint">${w.notStudied}</p>`;
  const cuts = state.cuts?.filter((entry) => entry.depot === depot);
  const own = state.result!.scenario.policies.charging.kind;
  const chosen = cuts?.find(({ policy }) => policy === (asked.policy ?? own)) ?? cuts?.[0];
  const old = chosen !== undefined && (chosen.cut.from_s !== asked.from_s || chosen.cut.hours !== asked.hours);
  return html`
    <section class="cut-controls">
      ${slider({
        name: 'cut-at',
        label: w.cutAt,
        value: asked.from_s / 3600,
        min: 4,
        max: 27.5,
        step: 0.5,
        shown: clock(asked.from_s),
        change: (hours) => app.setCut({ from_s: hours * 3600 }),
      })}
      ${slider({
        name: 'cut-hours',
        label: w.cutHours,
        value: asked.hours,
        min: 1,
        max: 72,
        step: 1,
        shown: w.hoursLong(format.number(asked.hours)),
        change: (hours) => app.setCut({ hours }),
      })}
    </section>
    ${chosen && cuts
      ? html`<div class=${old ? 'cut-answer old' : 'cut-answer'} aria-busy=${old}>${answer(app, cuts, chosen, paper)}</div>`
      : html`<p class="hint">${state.unanswered === 'cuts' ? w.cutsUnanswered : w.asking}</p>`}
  `;
}

function answer(app: App, cuts: CutByPolicy[], { policy, depot, cut }: CutByPolicy, paper: (from_s: number, until_s: number) => Paper): TemplateResult {
  const { words, format } = app;
  const w = words.energy;
  const loads = contractOf(app, depot)?.critical_loads ?? [];
  const told = sentence(app, loads, cut);
  return html`
    <p class="cut-sentence" role="status">${told}</p>
    <p class="hint">${w.reducedNote}</p>
    ${policies(app, cuts, policy)}
    <section class="critical">
      <h3>${w.criticalLoads}</h3>
      <ul>${loads.map(({ name, power_kw }) => html`<li><span>${app.say(name)}</span><b>${format.text(power_kw, 'kW')}</b></li>`)}</ul>
    </section>
    ${chart(app, {
      name: 'cut',
      heading: w.supply,
      legend: html`
        <ul>
          ${CUT_SUPPLY.filter((name) => isThere(cut[`${name}_kw`])).map((name) => html`<li>${swatch(name)} ${w.cutFlows[name]}</li>`)}
        </ul>
      `,
      drawing: () =>
        cutPlot(cut, paper(cut.from_s, cut.from_s + cut.free_kw.length * cut.step_s), {
          label: `${w.supply}. ${told}`,
          spare: w.spareLine,
          critical: w.criticalLine(format.text(cut.critical_kw, 'kW')),
          number: (value, digits = 0) => format.number(value, digits),
        }),
      table: () =>
        cutTable(cut, [w.time, ...CUT_SUPPLY.map((name) => `${w.cutFlows[name]} kW`), `${w.spareLine} kWh`], cutClock),
    })}
    ${givers(app, cut)}
  `;
}

/** What a power cut means, in plain words. */
export function sentence({ words, format, language, say }: App, loads: Site['critical_loads'], cut: PowerCut): string {
  const w = words.energy;
  const names = language.listed(loads.map(({ name }) => shortName(say(name))));
  const held = cut.held_h >= WEEK_H ? w.heldWeek(names) : w.held(names, format.number(cut.held_h, cut.held_h < 10 ? 1 : 0));
  const lost = cut.rides_lost === 0 ? w.lostNone : cut.rides_lost === 1 ? w.lostOne : w.lost(format.number(cut.rides_lost));
  const missing = cut.unserved_kwh > 0.05 ? `${language.sentenceSpace}${w.notEnough(format.text(cut.unserved_kwh, 'kWh'))}` : '';
  return `${held}${w.joint}${lost}${missing}`;
}

function policies(app: App, cuts: CutByPolicy[], chosen: string): TemplateResult {
  const { words, format, state } = app;
  const w = words.energy;
  const own = state.result!.scenario.policies.charging.kind;
  const spare = (cut: PowerCut) => cut.units.reduce((sum, unit) => sum + unit.spare_kwh, 0);
  return html`
    <section class="by-policy">
      <h3>${w.byPolicy}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">${w.policy}</th>
            <th scope="col">${w.heldFor}</th>
            <th scope="col">${w.ridesLost}</th>
            <th scope="col">${w.ridesServed}</th>
            <th scope="col">${w.spare}</th>
          </tr>
        </thead>
        <tbody>
          ${cuts.map(
            ({ policy, served, cut }) => html`
              <tr data-policy=${policy} class=${policy === chosen ? 'chosen' : ''}>
                <th scope="row">
                  <button aria-pressed=${policy === chosen} @click=${() => app.setCut({ policy })}>${words.try.policies[policy as ChargingKind]}</button>
                  ${policy === own ? html`<small>${w.chosen}</small>` : nothing}
                </th>
                <td>${cut.held_h >= WEEK_H ? w.weekAndMore : format.text(cut.held_h, 'h')}</td>
                <td>${format.number(cut.rides_lost)}</td>
                <td>${format.number(served)}</td>
                <td>${format.text(spare(cut), 'kWh')}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </section>
  `;
}

/** Van by van: when it is plugged in, what it has to spare and what it gives. */
function givers(app: App, cut: PowerCut): TemplateResult {
  const { words, format } = app;
  const w = words.energy;
  const kwh = (value: number) => format.figure(value, 'kWh').number;
  const most = Math.max(1, ...cut.units.map((unit) => unit.energy_kwh));
  return html`
    <section class="givers">
      <div class="chart-title"><h3>${w.whoGives}</h3><p class="hint">${w.inKwh} <span class="bars">${w.bars}</span></p></div>
      <table>
        <thead>
          <tr>
            <th scope="col">${w.columns.unit}</th>
            <th scope="col">${w.arrives}</th>
            <th scope="col">${w.atBegin}</th>
            <th scope="col">${w.spareOf}</th>
            <th scope="col">${w.given}</th>
            <th scope="col">${w.left}</th>
            <td class="bar-head"></td>
          </tr>
        </thead>
        <tbody>
          ${cut.units.map(
            (unit) => html`
              <tr>
                <th scope="row">${unitName(app, unit, cut.units)}</th>
                <td>${cutClock(unit.arrives_s)}</td>
                <td>${kwh(unit.energy_kwh)}</td>
                <td>${kwh(unit.spare_kwh)}</td>
                <td>${kwh(unit.given_kwh)}</td>
                <td>${kwh(unit.left_kwh)}</td>
                <td class="bar-cell">${bar(unit.energy_kwh / most, unit.spare_kwh / most, unit.left_kwh / most)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </section>
  `;
}

/** What a battery had, hollow, what of it was to spare, pale, and what is left, full. */
const bar = (energy: number, spare: number, left: number): TemplateResult => html`
  <svg class="giver-bar" width="96" height="12" viewBox="0 0 96 12" aria-hidden="true">
    <rect class="had" x="0.5" y="0.5" width=${Math.max(95 * energy, 0)} height="11" />
    <rect class="spared" x=${95 * (energy - spare) + 0.5} y="0.5" width=${Math.max(95 * spare, 0)} height="11" />
    <rect class="fill battery" y="3" width=${Math.max(95 * left, 0)} height="6" />
  </svg>
`;
