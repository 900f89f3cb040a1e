// Which town, which day of its year, and how large its service.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Scenario } from '../../pkg/noriai.js';
import type { App } from '../app';
import { inSeason, SEASONS, seasonOf, settingsOf, sizeOf, weekOf, type Settings, type Size } from '../settings';
import { choose, slider } from './controls';
import { keepButton, keptTowns } from './kept';

/** The largest group of supervisors the slider offers, unless the town has more. */
const SUPERVISORS = 10;

/** The towns to choose from; while one is fetched, the day shown stays. */
export function townField(app: App): TemplateResult {
  const { words, state } = app;
  const w = words.try;
  const shown = state.wanted ?? state.chosen;
  return html`
    <div class="field" aria-busy=${state.wanted !== undefined}>
      <div class="field-head">
        <label for="town">${w.town}</label>
        <output for="town">${state.wanted ? w.townComing : nothing}</output>
      </div>
      <select id="town" @change=${(event: Event) => void app.chooseTown(state.towns[(event.target as HTMLSelectElement).selectedIndex]!)}>
        ${state.towns.map((town) => html`<option .selected=${live(town === shown)}>${app.say(town.name)}</option>`)}
      </select>
      <div class="row town-actions">
        ${
          app.place.kind !== 'page'
            ? html`<p class="hint">${words.roads.embedded}</p>`
            : html`<button class="roads-opener" data-note=${words.roads.openHint} @click=${app.roads.open}>${words.roads.open}</button>`
        }
        ${keepButton(app)}
      </div>
      ${keptTowns(app)}
    </div>
  `;
}

/** The day of the week, and the season. */
export function dayFields(app: App, town: Scenario, settings: Settings): TemplateResult {
  const { words, format } = app;
  const w = words.try;
  const week = weekOf(town, settings.date);
  const today = week.find((day) => day.date === settings.date);
  return html`
    <div class="field">
      <div class="field-head">
        <span>${w.day}</span>
        <output>${today?.hours ? `${today.hours.opens}–${today.hours.closes}` : w.closed}</output>
      </div>
      ${choose(
        w.day,
        week.map(({ date, hours }) => ({
          value: date,
          label: hours ? format.weekday(date) : html`<s>${format.weekday(date)}</s>`,
          note: `${format.day(date)} · ${hours ? w.hours(hours.opens, hours.closes) : w.closedDay}`,
        })),
        settings.date,
        (date) => app.change({ date }),
      )}
    </div>
    <div class="field">
      <div class="field-head">
        <span>${w.season}</span>
        <output>${format.temperature(settings.outdoor_c)}</output>
      </div>
      ${choose(
        w.season,
        SEASONS.map((season) => {
          const { date, outdoor_c } = inSeason(town, settings.date, season);
          return { value: season, label: w.seasons[season], note: `${format.day(date)} · ${format.temperature(outdoor_c)}` };
        }),
        seasonOf(settings.date),
        (season) => app.change(inSeason(town, settings.date, season)),
      )}
    </div>
  `;
}

/** Today's service or the larger one that the town's file has, and who supervises vans without a driver. */
export function sizeFields(app: App, town: Scenario, settings: Settings): TemplateResult {
  const { words, format } = app;
  const w = words.try;
  const { growth } = town;
  const own = settingsOf(town);
  const size = (word: Size, { vans, factor }: { vans: number; factor: number }) => ({
    value: word,
    label: w.sizes[word],
    note: w.sizeHint(format.number(vans), w.demandTimes(format.number(factor, 1))),
  });
  return html`
    ${growth
      ? html`
          <div class="field">
            <div class="field-head"><span>${w.size}</span></div>
            ${choose<Size | undefined>(w.size, [size('today', own), size('growth', growth)], sizeOf(town, settings), (word) =>
              app.change(
                word === 'growth' ? { ...growth } : { vans: own.vans, factor: own.factor, supervisors: own.supervisors },
              ),
            )}
          </div>
        `
      : nothing}
    ${town.service.supervision && settings.supervisors !== undefined
      ? slider({
          name: 'supervisors',
          label: w.supervisors,
          value: settings.supervisors,
          min: 0,
          max: Math.max(SUPERVISORS, own.supervisors!),
          step: 1,
          shown: format.number(settings.supervisors),
          hint: w.supervisorsHint(format.number(town.service.supervision.vans_each)),
          change: (supervisors) => app.change({ supervisors }),
        })
      : nothing}
  `;
}
