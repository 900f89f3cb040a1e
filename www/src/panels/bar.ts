// The slim bar: name, a run under way, what can be taken away, language, theme.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { App } from '../app';
import { LANGS, languageName } from '../i18n/i18n';
import { progress } from './run';

export function bar(app: App): TemplateResult {
  const { words, state } = app;
  const dark = state.theme === 'dark';
  const themeWords = dark ? words.themeToLight : words.themeToDark;
  return html`
    <header class="bar" part="bar">
      <h1>
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="10.5" />
          <path d="M5 15.5V9.2q0-1.2 1.2-1.2h7.4q.7 0 1.2.5l3.6 3.6q.6.6.6 1.4v2z" />
          <circle cx="9" cy="16" r="1.7" /><circle cx="15.4" cy="16" r="1.7" />
        </svg>
        <span>${words.name}</span>
      </h1>
      ${progress(app)}
      <button
        class="energy-opener"
        aria-expanded=${state.energy !== undefined}
        aria-controls="energy"
        @click=${() => app.showEnergy(state.energy ? undefined : 'day')}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M9.2 1.5L3.5 9h3.7l-.6 5.5L12.5 7H8.7z" /></svg>
        ${words.energy.open}
      </button>
      ${app.place.kind === 'element' ? nothing : html`${accountOpener(app)} ${carryOpener(app)}`}
      ${languages(app)}
      <button class="icon" aria-label=${themeWords} title=${themeWords} @click=${() => app.setTheme(dark ? 'light' : 'dark')}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="6" /><path class="filled" d="M8 2a6 6 0 0 1 0 12z" />
        </svg>
      </button>
    </header>
  `;
}

/** Of two languages the other one, of more all of them; each in its own words. */
function languages(app: App): TemplateResult {
  const { words, state } = app;
  const others = LANGS.filter((lang) => lang !== state.lang);
  if (others.length === 1) {
    const [other] = others as [string];
    const label = words.switchLanguage(languageName(other), languageName(other, state.lang));
    return html`<button class="quiet" lang=${other} aria-label=${label} @click=${() => void app.setLang(other)}>${languageName(other)}</button>`;
  }
  return html`
    <select class="quiet" aria-label=${words.language} .value=${live(state.lang)} @change=${(event: Event) => void app.setLang((event.target as HTMLSelectElement).value)}>
      ${LANGS.map((lang) => html`<option value=${lang} lang=${lang} ?selected=${lang === state.lang}>${languageName(lang)}</option>`)}
    </select>
  `;
}

const carryOpener = ({ words, state, carrying }: App): TemplateResult => html`
  <button class="carry-opener" aria-haspopup="dialog" title=${words.carry.open} ?disabled=${!state.town} @click=${carrying.open}>
    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 10V2M5 4.8 8 1.8l3 3M4.5 7H3v7h10V7h-1.5" /></svg>
    <span>${words.carry.open}</span>
  </button>
`;

/** The year's account has a module of its own, which an element's site does not have. */
function accountOpener(app: App): TemplateResult {
  const { words, state } = app;
  return html`
    <button
      class="account-opener"
      aria-expanded=${state.accounting}
      aria-controls="year"
      title=${words.year.heading}
      ?disabled=${!state.town}
      @click=${() => void app.showAccounting(!state.accounting)}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2.5 14h11M4 11.5v-4M8 11.5v-9M12 11.5v-6" /></svg>
      <span>${words.year.open}</span>
    </button>
  `;
}
