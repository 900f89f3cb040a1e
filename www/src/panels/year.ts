// The room of the year's account: its head is there at once, its body with the room's own code.
import { html, nothing, type TemplateResult } from 'lit';
import type { App } from '../app';

export function yearRoom(app: App): TemplateResult | typeof nothing {
  const { words, state } = app;
  if (!state.accounting || !state.town) return nothing;
  return html`
    <section class="year room sheet" id="year" aria-labelledby="year-heading">
      <div class="room-head">
        <h2 id="year-heading" tabindex="-1">${words.year.heading}</h2>
        <button class="icon close" aria-label=${words.year.close} title="${words.year.close} (Esc)" @click=${() => void app.showAccounting(false)}>×</button>
      </div>
      <div class="room-body">${app.account?.body() ?? html`<p role="status">${words.year.coming}</p>`}</div>
    </section>
  `;
}
