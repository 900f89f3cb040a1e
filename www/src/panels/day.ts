// The day: a large clock, its speed, and the timeline with one chart above the slider.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { App } from '../app';
import { SPEEDS } from '../clock';
import { hasBatteries, type ChartName } from '../state';
import { choose } from './controls';

const CHARTS: ChartName[] = ['riders', 'energy', 'power'];

const svgPlay = svg`<path d="M8 5v14l11-7z" />`;
const svgPause = svg`<path d="M7 5h3.5v14H7zM13.5 5H17v14h-3.5z" />`;

export function dayPanel(app: App): TemplateResult {
  const { words, format, state } = app;
  const w = words.day;
  const play = state.playing ? w.pause : w.play;
  const electric = !state.result || hasBatteries(state.result.report);
  return html`
    <section class="day sheet" part="day" aria-label=${w.heading}>
      <div class="time">
        <p class="date">${state.settings ? format.day(state.result?.scenario.day.date ?? state.settings.date) : nothing}</p>
        <div class="row">
          <p class="clock" role="timer"></p>
          <button class="play" aria-label=${play} title=${play} ?disabled=${!state.result} @click=${app.toggle}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              ${state.playing ? svgPause : svgPlay}
            </svg>
          </button>
        </div>
        ${choose(
          w.speed,
          SPEEDS.map((speed) => ({ value: speed as number, label: w.times(format.number(speed)) })),
          state.speed,
          (speed) => app.setSpeed(speed),
        )}
      </div>
      <div class="chart-head">
        ${choose(
          w.charts,
          CHARTS.map((chart) => ({ value: chart, label: w[chart], disabled: chart !== 'riders' && !electric })),
          state.chart,
          (chart) => app.store.set({ chart }),
        )}
        <div class="chart-legend"></div>
        ${barsLegend(app)}
      </div>
      <div class="timeline"></div>
    </section>
  `;
}

/** What the bars of the slider count. */
function barsLegend(app: App): TemplateResult | typeof nothing {
  const { words, format, state } = app;
  if (!state.result) return nothing;
  const minutes = format.number(state.result.report.series.step_s / 60);
  return html`
    <p class="bars-legend">
      ${words.day.callsEvery(minutes)}
      <span class="served">${words.day.served}</span>
      <span class="refused">${words.day.refused}</span>
    </p>
  `;
}
