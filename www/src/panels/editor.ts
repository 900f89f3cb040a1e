// Where a matching policy of one's own is written and run. A text field with line numbers is enough for twenty lines.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { FaultReport } from '../../pkg/noriai.js';
import type { App } from '../app';
import { clock } from '../format';

const INDENT = '  ';

/** The policy that made the day shown, if it was one of one's own. */
function shownPolicy({ state }: App): string | undefined {
  const matching = state.result?.scenario.policies.matching;
  return matching?.kind === 'script' ? matching.source : undefined;
}

export function editorPanel(app: App): TemplateResult | typeof nothing {
  const { words, state, draft } = app;
  const w = words.policy;
  if (!state.editor) return nothing;
  const report = state.result?.report;
  const unchanged = shownPolicy(app) === draft;
  const lines = draft.split('\n');
  const wrong = unchanged ? report?.fault?.line : undefined;
  const forbidden = state.room === undefined || state.room === 'open' ? undefined : state.room;
  return html`
    <section class="editor sheet" id="editor" aria-labelledby="editor-heading">
      <div class="panel-head">
        <h2 id="editor-heading" tabindex="-1">${w.heading}</h2>
        <button class="icon" aria-label=${w.close} title=${w.close} @click=${app.closeEditor}>×</button>
      </div>
      ${forbidden ? html`<p class="bad forbidden" role="alert">${w.forbidden[forbidden]}</p>` : html`<p class="hint">${w.hint}</p>`}
      <div class="code">
        <ol aria-hidden="true">${lines.map((_, index) => html`<li class=${index + 1 === wrong ? 'wrong' : ''}>${index + 1}</li>`)}</ol>
        <textarea
          rows=${lines.length}
          cols=${Math.max(...lines.map((line) => line.length)) + 1}
          wrap="off"
          spellcheck="false"
          autocomplete="off"
          autocapitalize="off"
          aria-label=${w.code}
          aria-describedby="editor-keys editor-outcome"
          aria-invalid=${unchanged && report?.fault !== undefined}
          .value=${live(draft)}
          @input=${(event: Event) => app.edit((event.target as HTMLTextAreaElement).value)}
          @keydown=${(event: KeyboardEvent) => key(app, event)}
        ></textarea>
      </div>
      <div class="row">
        <button class="primary" ?disabled=${forbidden !== undefined} @click=${app.runDraft}>${w.run}</button>
        <button @click=${() => app.edit(undefined)}>${w.reset}</button>
        <small class="hint" id="editor-keys">${w.keys}</small>
      </div>
      <div class="outcome" id="editor-outcome" role="status">${outcome(app, unchanged)}</div>
      <details>
        <summary>${w.help}</summary>
        <ul class="prose">${w.rules.map((rule) => html`<li>${rule}</li>`)}</ul>
        <pre tabindex="0">${w.types}</pre>
      </details>
    </section>
  `;
}

function outcome(app: App, unchanged: boolean): TemplateResult | typeof nothing {
  const { words, format, state } = app;
  const w = words.policy;
  const report = state.result?.report;
  if (state.progress !== undefined) return html`<p>${words.run.running}</p>`;
  if (!unchanged) return state.room === 'open' ? html`<p class="hint">${w.changed}</p>` : nothing;
  if (!report) return nothing;
  const wait = report.mean_wait_s === undefined ? '–' : format.text(report.mean_wait_s, 's');
  return html`
    ${fault(app)}
    <p>${w.outcome(format.number(report.served), format.number(report.requests), wait)}</p>
  `;
}

/** When and why the policy that made the day shown was given up, if it was. */
export function fault(app: App): TemplateResult | typeof nothing {
  const found = app.state.result?.report.fault;
  return found ? html`<p class="bad fault">${sentence(app, found)}</p>` : nothing;
}

/** The same in short, beside figures that are not those of the policy alone. */
export function faultInShort(app: App): TemplateResult | typeof nothing {
  const found = app.state.result?.report.fault;
  return found ? html`<p class="bad fault">${app.words.policy.faultInShort(clock(found.time_s))}</p>` : nothing;
}

const sentence = ({ words, format, say }: App, { time_s, message, line }: FaultReport): string =>
  words.policy.fault(clock(time_s), line === undefined ? undefined : format.number(line), say(message).replace(/[.。]$/, ''));

/** Escape, then Tab leaves the field, as in other editors. */
let leaving = false;

function key(app: App, event: KeyboardEvent): void {
  const field = event.target as HTMLTextAreaElement;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  if (event.key === 'Escape' && !leaving) {
    // A second one closes the editor.
    event.stopPropagation();
    leaving = true;
    return;
  }
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    app.runDraft();
  } else if (event.key === 'Tab' && plain && !event.shiftKey && !leaving) {
    event.preventDefault();
    type(INDENT);
  } else if (event.key === 'Enter' && plain && !event.shiftKey) {
    event.preventDefault();
    const line = field.value.slice(0, field.selectionStart).split('\n').at(-1)!;
    type(`\n${/^ */.exec(line)![0]}`);
  }
  leaving = false;
}

/** Types a text: marked as out of date, and the only way that leaves undoing whole. */
const type = (text: string) => document.execCommand('insertText', false, text);
