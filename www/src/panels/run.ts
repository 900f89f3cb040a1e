// A run under way, and what went wrong.
import { html, nothing, type TemplateResult } from 'lit';
import type { App } from '../app';
import type { Language } from '../i18n/language';
import type { Notice } from '../state';
import { faults } from './controls';

/** Problems that are listed at once. */
const SHOWN = 50;

/** Appears only when a run takes longer than a moment; style/run.css holds it back. */
export function progress(app: App): TemplateResult {
  const { words, state } = app;
  if (state.progress === undefined || !state.result) return html`<p class="subtitle">${words.subtitle}</p>`;
  return html`
    <div class="progress">
      <label><span class="wide">${words.run.running}</span> <progress aria-label=${words.run.running} max="1" .value=${state.progress}></progress></label>
      <button @click=${app.cancel}>${words.run.cancel}</button>
    </div>
  `;
}

/** What it says, without its details. */
export function noticeText(notice: Notice, { words, texts, comma }: Language): string {
  if (notice.kind === 'noPolicy') return words.policy.forbidden[notice.because];
  if (notice.kind === 'unknownTown') return words.run.unknownTown(notice.town);
  if (notice.kind === 'noLanguage') return words.run.noLanguage(notice.language);
  if (notice.kind === 'noTown') return words.run.noTown(notice.town[texts]);
  if (notice.kind === 'missingTables') return words.run.missingTables(notice.missing.join(comma));
  return 'file' in notice ? words.run[notice.kind](notice.file) : words.run[notice.kind];
}

export function notice(app: App): TemplateResult | typeof nothing {
  const { words, state, language } = app;
  const { notice } = state;
  if (!notice) return nothing;
  const details = 'details' in notice ? notice.details : [];
  return html`
    <div class="notice sheet" role="alert">
      <p>${noticeText(notice, language)}</p>
      ${details.length > 0 ? faults(app, 'lines', details.slice(0, SHOWN).map((line) => html`<li>${app.say(line)}</li>`)) : nothing}
      <button class="icon close" aria-label=${words.run.dismiss} @click=${() => app.store.set({ notice: undefined })}>×</button>
    </div>
  `;
}
