// The few kinds of controls that the panels are made of.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { ref } from 'lit/directives/ref.js';
import type { RowProblem } from '../../pkg/noriai.js';
import type { App } from '../app';

export interface Choice<T> {
  value: T;
  label: string | TemplateResult;
  note?: string;
  disabled?: boolean;
}

/** Opens a dialog, which can be only in the document, where it comes a moment after it was made. */
export const opened = ref((dialog?: Element) =>
  queueMicrotask(() => dialog?.isConnected && !(dialog as HTMLDialogElement).open && (dialog as HTMLDialogElement).showModal()),
);

/** Closes the dialog of a button; the browser gives the focus back to where it was before. */
export const closeDialog = (event: Event): void => (event.target as HTMLElement).closest('dialog')?.close();

/** A row of buttons of which one is pressed. */
export function choose<T>(label: string, choices: Choice<T>[], value: T, change: (value: T) => void): TemplateResult {
  return html`
    <div class="choices" role="group" aria-label=${label}>
      ${choices.map(
        (choice) => html`
          <button
            aria-pressed=${choice.value === value}
            ?disabled=${choice.disabled ?? false}
            data-note=${choice.note ?? nothing}
            @click=${() => change(choice.value)}
          >
            ${choice.label}
          </button>
        `,
      )}
    </div>
  `;
}

export interface Slider {
  name: string;
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** The value in words. */
  shown: string;
  hint?: string;
  change: (value: number) => void;
}

export function slider({ name, label, value, min, max, step, shown, hint, change }: Slider): TemplateResult {
  return html`
    <div class="field">
      <div class="field-head">
        <label for=${name} data-note=${hint ?? nothing}>${label}</label>
        <output for=${name}>${shown}</output>
      </div>
      <input
        type="range"
        id=${name}
        min=${min}
        max=${max}
        step=${step}
        .value=${live(String(value))}
        aria-valuetext=${shown}
        @input=${(event: Event) => change((event.target as HTMLInputElement).valueAsNumber)}
      />
    </div>
  `;
}

/** Something that is on or off. */
export function switched(label: string, hint: string, on: boolean, change: (on: boolean) => void): TemplateResult {
  return html`
    <label class="switch field" data-note=${hint}>
      <input type="checkbox" role="switch" .checked=${live(on)} @change=${() => change(!on)} />
      ${label}
    </label>
  `;
}

/** What is wrong, in lines that may be too many to be seen at once: the keyboard scrolls them too. */
export const faults = (app: App, kind: string, lines: unknown): TemplateResult =>
  html`<div class=${kind} role="group" tabindex="0" aria-label=${app.words.run.faults}><ul>${lines}</ul></div>`;

/** Rows with errors that are listed at once. */
const ROWS_SHOWN = 50;

/** What is wrong with a file, line by line, each with its remedy. */
export function rowProblems(app: App, problems: RowProblem[]): TemplateResult {
  const { words, format } = app;
  const w = words.try;
  const lines = problems.slice(0, ROWS_SHOWN).map(({ line, message }) => html`<li><b>${w.line(format.number(line))}</b> ${app.say(message)}</li>`);
  const rest = problems.length - lines.length;
  return faults(app, 'row-problems', html`${lines} ${rest > 0 ? html`<li>${w.moreRows(format.number(rest))}</li>` : nothing}`);
}
