// The card of the guided tour: where one is, what is to be seen, and something to do.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { App } from '../app';
import type { StepName } from '../tour';

export function tourOpener(app: App): TemplateResult | typeof nothing {
  const { state, words } = app;
  if (!state.result || state.touring) return nothing;
  return html`<button class="link tour-opener" @click=${app.tour.begin}>${words.tour.open}</button>`;
}

export function tourCard(app: App): TemplateResult | typeof nothing {
  const { state, words, format } = app;
  const { touring, result } = state;
  if (!touring || !result) return nothing;
  const w = words.tour;
  const [at, all] = [touring.at, touring.steps.length];
  const step = touring.steps[at]!;
  const last = at === all - 1;
  return html`
    <section class="tour sheet" aria-labelledby="tour-heading">
      <div class="tour-head">
        <p class="tour-place" aria-hidden="true">
          ${touring.steps.map((_, index) => svg`<svg viewBox="0 0 8 8"><circle class=${index <= at ? 'on' : ''} cx="4" cy="4" r="3.2" /></svg>`)}
        </p>
        <button class="icon" aria-label=${w.end} title="${w.end} (Esc)" @click=${app.tour.end}>×</button>
      </div>
      <h2 id="tour-heading" tabindex="-1"><small>${w.place(format.number(at + 1), format.number(all))}</small> ${w.steps[step].heading}</h2>
      <p>${text(app, step)}</p>
      <div class="row">
        <button class="act" @click=${app.tour.act}>${label(app, step)}</button>
        <span class="tour-moves">
          <button ?disabled=${at === 0} @click=${() => app.tour.step(-1)}>${w.back}</button>
          <button class="primary" @click=${() => app.tour.step(1)}>${last ? w.done : w.next}</button>
        </span>
      </div>
    </section>
  `;
}

/** The step in words, with the figures of the day shown. */
function text(app: App, step: StepName): string {
  const { words, format, state } = app;
  const { report, scenario } = state.result!;
  const w = words.tour.steps;
  const number = (value: number | undefined) => format.number(value ?? 0);
  const of = (value: number | undefined, unit: string) => (value === undefined ? '–' : format.text(value, unit));
  const day = {
    town: app.say(scenario.name),
    vans: number(report.vehicles.length),
    served: number(report.served),
    requests: number(report.requests),
    wait: of(report.mean_wait_s, 's'),
    shared: of(report.shared_share, 'share'),
    cost: of(report.yen_per_ride, 'yen'),
  };
  switch (step) {
    case 'watch':
    case 'fewer':
    case 'sharing':
    case 'bus':
    case 'carry':
    case 'grown':
      return w[step].text(day);
    case 'supervisors':
      return w.supervisors.text({ ...day, supervisors: number(state.settings?.supervisors) });
    case 'energy':
      return w.energy.text({ ...day, total: of(report.sites[0]?.total_yen, 'yen') });
  }
}

function label({ words, state }: App, step: StepName): string {
  const w = words.tour.steps;
  if (step === 'watch') return state.playing ? w.watch.pause : w.watch.act;
  if (step === 'sharing') return state.settings?.matching.kind === 'nearest' ? w.sharing.together : w.sharing.act;
  return w[step].act;
}
