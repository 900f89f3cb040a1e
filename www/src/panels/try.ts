// What can be tried: town and day, demand, vans, rules, and trips of one's own.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { MatchingPolicy } from '../../pkg/noriai.js';
import type { App } from '../app';
import type { Part } from '../deciding/state';
import { mostVans, REBALANCING, type Settings } from '../settings';
import { chargingControls, electricity, foresight } from './charging';
import { choose, slider } from './controls';
import { fault } from './editor';
import { ownData } from './own';
import { dayFields, sizeFields, townField } from './town';

export function tryPanel(app: App): TemplateResult {
  const { words, state } = app;
  const w = words.try;
  if (!state.tryOpen) {
    return html`
      <aside class="try closed" part="try">
        <button class="opener" aria-expanded="false" @click=${() => app.store.set({ tryOpen: true })}>${w.show}</button>
      </aside>
    `;
  }
  return html`
    <aside class="try sheet" part="try" aria-labelledby="try-heading">
      <div class="panel-head">
        <h2 id="try-heading">${w.heading}</h2>
        ${steps(app)}
        <button class="icon desktop" aria-label=${w.hide} title=${w.hide} @click=${() => app.store.set({ tryOpen: false })}>
          <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M10 3 5 8l5 5" /></svg>
        </button>
      </div>
      ${state.settings ? controls(app, state.settings) : nothing}
    </aside>
  `;
}

/** One step back, one forth. They keep the focus where there is no further one, so that it is not lost. */
function steps(app: App): TemplateResult {
  const w = app.words.history;
  const { past, future } = app.state.history;
  const step = (kind: string, name: string, there: boolean, take: () => void, path: string) => html`
    <button class="icon ${kind}" aria-label=${name} title=${name} aria-disabled=${!there} @click=${take}>
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${path} /></svg>
    </button>
  `;
  return html`
    <div class="steps">
      ${step('undo', w.undo, past.length > 0, app.undo, 'M6 3 2.5 6.5 6 10M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6')}
      ${step('redo', w.redo, future.length > 0, app.redo, 'm10 3 3.5 3.5L10 10M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10')}
    </div>
  `;
}

function controls(app: App, settings: Settings): TemplateResult {
  const { words, format, state } = app;
  const w = words.try;
  const town = state.town!;
  const change = (part: Partial<Settings>) => app.change(part);
  const trips = town.demand.generator?.trips_per_day;
  const bus = settings.matching.kind === 'fixed_route';
  return html`
    <section>
      ${townField(app)} ${dayFields(app, town, settings)} ${bus ? nothing : sizeFields(app, town, settings)}
      ${state.trips || !town.demand.generator
        ? nothing
        : slider({
            name: 'factor',
            label: w.demand,
            value: settings.factor,
            min: 0.5,
            max: 8,
            step: 0.5,
            shown: w.demandTimes(format.number(settings.factor, 1)),
            hint: trips === undefined ? undefined : w.demandHint(format.number(trips * settings.factor)),
            change: (factor) => change({ factor }),
          })}
      ${bus
        ? nothing
        : slider({
            name: 'vans',
            label: w.fleet,
            value: settings.vans,
            min: 1,
            max: Math.max(mostVans(town), settings.vans),
            step: 1,
            shown: format.number(settings.vans),
            change: (vans) => change({ vans }),
          })}
      <div class="field matching">
        <div class="field-head"><span>${w.matching}</span></div>
        ${choose(
          w.matching,
          app.matchingKinds().map((kind) => ({ value: kind, label: w.kinds[kind] })),
          settings.matching.kind,
          (kind) => (kind === 'script' ? void app.writeOwn() : change({ matching: app.matching(kind) })),
        )}
        <p class="hint">${w.matchingHints[settings.matching.kind]}</p>
        ${settings.matching.kind === 'script'
          ? html`
              ${state.editor ? nothing : fault(app)}
              <button class="edit-policy" aria-expanded=${state.editor} aria-controls="editor" @click=${app.openEditor}>${words.policy.edit}</button>
            `
          : nothing}
        ${opener(app, 'compare-opener', 'policies', words.compare.open)} ${opener(app, 'decide-opener', 'sweep', words.decide.open)}
      </div>
      ${walking(app, settings)}
      ${town.depots.length > 0 ? chargingControls(app, settings) : nothing}
      <details>
        <summary>${w.more}</summary>
        ${more(app, settings)}
      </details>
    </section>
    ${electricity(app, settings)}
    ${app.place.kind === 'element'
      ? nothing
      : html`
          <section>
            <h3>${w.trips}</h3>
            ${ownData(app)}
          </section>
        `}
    <section>
      <h3 id="about" tabindex="-1">${w.about}</h3>
      <p class="about">${app.say(town.about)}</p>
      <details>
        <summary>${w.assumptions}</summary>
        <ul class="prose">${town.assumptions.map((line) => html`<li>${app.say(line)}</li>`)}</ul>
      </details>
      <details>
        <summary>${w.sources}</summary>
        <ul class="prose sources">${town.sources.map((line) => html`<li>${line}</li>`)}</ul>
      </details>
    </section>
  `;
}

/** Opens the room of comparisons at a part of it, or closes it. */
function opener(app: App, kind: string, part: Part, name: string): TemplateResult {
  const { comparing, deciding } = app.state;
  const isOpen = comparing && (deciding.part === 'policies') === (part === 'policies');
  return html`
    <button class=${kind} aria-expanded=${isOpen} aria-controls="compare" @click=${() => (isOpen ? app.showComparing(false) : app.showPart(part))}>${name}</button>
  `;
}

/** How far riders walk to a bus, and how long they wait for it. */
function walking(app: App, { matching }: Settings): TemplateResult | typeof nothing {
  if (matching.kind !== 'fixed_route') return nothing;
  const { words, format } = app;
  const w = words.try;
  return html`
    ${slider({
      name: 'walk',
      label: w.maxWalk,
      value: matching.max_walk_m,
      min: 0,
      max: 1500,
      step: 50,
      shown: `${format.number(matching.max_walk_m)} m`,
      hint: w.maxWalkHint,
      change: (max_walk_m) => app.change({ matching: { ...matching, max_walk_m } }),
    })}
    ${slider({
      name: 'bus-wait',
      label: w.maxWait,
      value: matching.max_wait_s / 60,
      min: 5,
      max: 120,
      step: 5,
      shown: format.minutes(matching.max_wait_s),
      hint: w.maxBusWaitHint,
      change: (minutes) => app.change({ matching: { ...matching, max_wait_s: minutes * 60 } }),
    })}
  `;
}

function more(app: App, settings: Settings): TemplateResult {
  const { words, format } = app;
  const w = words.try;
  const change = (part: Partial<Settings>) => app.change(part);
  const { matching, rebalancing } = settings;
  return html`
    ${foresight(app, settings)}
    ${slider({
      name: 'outdoor',
      label: w.outdoor,
      value: settings.outdoor_c,
      min: -10,
      max: 38,
      step: 1,
      shown: format.temperature(settings.outdoor_c),
      hint: w.outdoorHint,
      change: (outdoor_c) => change({ outdoor_c }),
    })}
    ${matching.kind === 'fixed_route' ? nothing : limits(app, settings)}
    ${weights(app, matching)}
    <div class="field rebalancing">
      <div class="field-head"><span>${w.idle}</span></div>
      ${choose(
        w.idle,
        REBALANCING.map((kind) => ({ value: kind, label: w.idles[kind] })),
        rebalancing.kind,
        (kind) => change({ rebalancing: app.rebalancing(kind) }),
      )}
      ${rebalancing.kind === 'nearest_hub' ? html`<p class="hint">${w.hubHint}</p>` : nothing}
    </div>
    ${'after_s' in rebalancing
      ? slider({
          name: 'after',
          label: w.idleAfter,
          value: rebalancing.after_s / 60,
          min: 0,
          max: 60,
          step: 5,
          shown: format.minutes(rebalancing.after_s),
          change: (minutes) => change({ rebalancing: { ...rebalancing, after_s: minutes * 60 } }),
        })
      : nothing}
    <div class="field">
      <label class="field-head" for="seed">${w.seed}</label>
      <div class="row">
        <input
          id="seed"
          type="number"
          min="0"
          max=${Number.MAX_SAFE_INTEGER}
          .value=${live(String(settings.seed))}
          @change=${(event: Event) => {
            const seed = (event.target as HTMLInputElement).valueAsNumber;
            if (Number.isSafeInteger(seed) && seed >= 0) change({ seed });
          }}
        />
        <button @click=${app.newSeed}>${w.newSeed}</button>
      </div>
    </div>
    <button class="reset" @click=${app.reset}>${w.reset}</button>
  `;
}

/** What waiting and detours weigh against driving, where a policy weighs them. */
function weights(app: App, matching: MatchingPolicy): TemplateResult | typeof nothing {
  if (matching.kind === 'nearest' || matching.kind === 'fixed_route' || matching.kind === 'script') return nothing;
  const w = app.words.try;
  // A scenario may leave out what is 0.
  const objective = { waiting: 0, riding: 0, ...matching.objective };
  const weight = (name: 'waiting' | 'riding', label: string, hint: string) =>
    slider({
      name,
      label,
      value: objective[name],
      min: 0,
      max: 3,
      step: 0.1,
      shown: app.format.number(objective[name], 1),
      hint,
      change: (value) => app.change({ matching: { ...matching, objective: { ...objective, [name]: value } } }),
    });
  return html`
    ${weight('waiting', w.waitingWeight, w.waitingWeightHint)} ${weight('riding', w.ridingWeight, w.ridingWeightHint)}
  `;
}

/** What the on-demand service grants. */
function limits(app: App, settings: Settings): TemplateResult {
  const { words, format } = app;
  const w = words.try;
  const change = (part: Partial<Settings>) => app.change(part);
  return html`
    ${slider({
      name: 'wait',
      label: w.maxWait,
      value: settings.max_wait_s / 60,
      min: 5,
      max: 60,
      step: 5,
      shown: format.minutes(settings.max_wait_s),
      change: (minutes) => change({ max_wait_s: minutes * 60 }),
    })}
    ${slider({
      name: 'detour',
      label: w.detour,
      value: settings.detour_factor,
      min: 1,
      max: 3,
      step: 0.1,
      shown: w.demandTimes(format.number(settings.detour_factor, 1)),
      hint: w.detourHint,
      change: (detour_factor) => change({ detour_factor }),
    })}
  `;
}
