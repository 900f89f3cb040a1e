//! The only room that knows JavaScript. It converts and calls; nothing is decided here.
//!
//! Scenarios come in as JSON text and are read by the same serde_json as natively. Large results stay in wasm memory behind
//! [`Simulation`] and [`Playback`]; per frame, small typed arrays are copied out.

// The attribute macros of wasm-bindgen expand to `unsafe` code.
#![allow(unsafe_code)]

mod business;
pub mod files;
pub mod gtfs;
mod own;
mod roads;

use std::sync::Arc;

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::compare::{self, Entrant, Findings};
use crate::demand::cells::{CellQuery, Cells};
use crate::log::Log;
use crate::matching::script::{self, Assignment, Question, QuestionTown};
use crate::playback::{self, PlanView, Rides};
use crate::report::{self, Compared, Figure, Report};
use crate::scenario::tables::{self, Tables};
use crate::scenario::{self, MatchingPolicy, Problem, RebalancingPolicy, Scenario, Text};
use crate::sim;
use crate::site::csv::{self as series_csv, ImportedSeries};
use crate::study::{self, CutByPolicy};
use crate::timetable;
use crate::units::{Time, VehicleId};
use crate::world::World;

pub use business::{Year, YearTown, reach, typical_days, year_figures};
pub use own::{WeighedTown, import_trips, import_weights, preview_trips};
pub use roads::{ImportedTown, RoadFile, RoadReader};

/// What is wrong with a scenario; empty if nothing is.
#[derive(Serialize, Tsify)]
pub struct Problems {
    /// All problems.
    pub problems: Vec<Problem>,
}

/// A power cut under one charging policy.
#[derive(Serialize, Tsify)]
pub struct PowerCuts {
    /// One for each site with critical loads.
    pub cuts: Vec<CutByPolicy>,
}

/// Contracts for electricity to choose from.
#[derive(Serialize, Tsify)]
pub struct Tariffs {
    /// In the order in which they are offered.
    pub tariffs: Vec<scenario::Preset>,
}

/// Where buses drive.
#[derive(Serialize, Tsify)]
pub struct Ways {
    /// For each line its points, longitude and latitude.
    pub ways: Vec<Vec<[f64; 2]>>,
}

/// Built-in policies.
#[derive(Serialize, Tsify)]
pub struct UsualPolicies {
    /// Who rides with whom.
    pub matching: Vec<MatchingPolicy>,
    /// Where idle vans wait.
    pub rebalancing: Vec<RebalancingPolicy>,
}

/// What the report's figures mean.
#[derive(Serialize, Tsify)]
pub struct Figures {
    /// In the order in which people read them.
    pub figures: Vec<Figure>,
}

#[wasm_bindgen(typescript_custom_section)]
const ERRORS: &'static str = r#"
/** Thrown where a scenario is not valid: an `Error` that carries what is wrong. */
export interface ScenarioError extends Error {
    problems: Problem[];
}
"#;

/// Runs when the module is loaded: a panic says in the console where it happened.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// Version of the crate.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

/// A new seed, drawn from the browser's entropy: an integer below 2^53.
#[wasm_bindgen]
pub fn random_seed() -> Result<f64, JsError> {
    let bits = getrandom::u64().map_err(|error| JsError::new(&error.to_string()))?;
    Ok((bits >> 11) as f64)
}

/// Checks a scenario document and reports everything that is wrong with it.
#[wasm_bindgen]
pub fn check_scenario(json: &str) -> Result<Ts<Problems>, JsValue> {
    typescript(&Problems { problems: scenario::read(json).err().unwrap_or_default() })
}

/// A scenario, as JSON, made of plain tables (CSV), with the limits that the command line gives them; throws a `ScenarioError`
/// where they are not right, with table, line and column.
#[wasm_bindgen]
pub fn import_tables(nodes: &str, edges: &str, requests: &str, vehicles: &str) -> Result<String, JsValue> {
    let tables = Tables { nodes, edges, requests, vehicles };
    let (scenario, _) =
        tables::read(&tables, tables::MAX_WAIT_S, tables::DETOUR_FACTOR).map_err(|problems| invalid(&problems))?;
    json(&scenario)
}

/// The built-in policies with their usual parameters.
#[wasm_bindgen]
pub fn usual_policies() -> Result<Ts<UsualPolicies>, JsValue> {
    typescript(&UsualPolicies {
        matching: MatchingPolicy::NAMES.into_iter().filter_map(MatchingPolicy::by_name).collect(),
        rebalancing: RebalancingPolicy::NAMES.into_iter().filter_map(RebalancingPolicy::by_name).collect(),
    })
}

/// The ways of a scenario's bus lines.
#[wasm_bindgen]
pub fn line_ways(scenario_json: &str) -> Result<Ts<Ways>, JsValue> {
    typescript(&Ways { ways: timetable::ways(&read(scenario_json)?) })
}

/// Names, units and definitions of the report's figures.
#[wasm_bindgen]
pub fn figures() -> Result<Ts<Figures>, JsValue> {
    typescript(&Figures { figures: report::figures() })
}

/// Names, units and definitions of the figures of a site's account.
#[wasm_bindgen]
pub fn site_figures() -> Result<Ts<Figures>, JsValue> {
    typescript(&Figures { figures: report::site_figures() })
}

/// Contracts for electricity to choose from, each with its date and source.
#[wasm_bindgen]
pub fn tariffs() -> Result<Ts<Tariffs>, JsValue> {
    typescript(&Tariffs { tariffs: scenario::tariffs() })
}

/// Reads a file of one series: load, generation, prices … (CSV; UTF-8 or Shift_JIS). `column` is part of a column's name, empty
/// for the first with numbers.
#[wasm_bindgen]
pub fn import_series(file: &[u8], column: &str, allow_negative: bool) -> Result<Ts<ImportedSeries>, JsValue> {
    let column = (!column.is_empty()).then_some(column);
    typescript(&series_csv::import(file, column, allow_negative))
}

/// One day, lived through in steps.
#[wasm_bindgen]
pub struct Simulation {
    world: Arc<World>,
    simulation: sim::Simulation,
    prepare_s: f64,
}

#[wasm_bindgen]
impl Simulation {
    /// Compiles a scenario; throws a `ScenarioError` if it is not valid.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario_json: &str) -> Result<Simulation, JsValue> {
        let scenario = read(scenario_json)?;
        let begin = now_s();
        Ok(Simulation { prepare_s: now_s() - begin, ..Simulation::of(World::new(&scenario)) })
    }

    /// Wall time of the preparation (travel times and demand), seconds.
    #[wasm_bindgen(getter)]
    pub fn prepare_s(&self) -> f64 {
        self.prepare_s
    }

    /// Lives through at most so many events, or until a script is asked; the share of the day that is done, exactly 1 at its end.
    pub fn step(&mut self, events: u32) -> f64 {
        if self.simulation.step(events) { 1.0 } else { self.simulation.progress().min(0.999) }
    }

    /// What a matching policy that is a script gets once: the town.
    pub fn town(&self) -> Result<Ts<QuestionTown>, JsValue> {
        typescript(&script::town(&self.world))
    }

    /// The nodes to which there are driving times: those of stops and depots.
    pub fn travel_targets(&self) -> Vec<u32> {
        self.world.travel.targets().into_iter().map(|node| node.0).collect()
    }

    /// Highest speeds of vans without a driver, km/h, each with driving times of its own.
    pub fn slow_speeds_kmh(&self) -> Vec<f64> {
        self.world.slow.iter().map(|ways| ways.speed_kmh).collect()
    }

    /// Seconds of driving, for each target one from every node, at one of the slow speeds, by its position, or as the roads
    /// allow; infinite where no road leads.
    pub fn travel_times_s(&self, slow: Option<usize>) -> Vec<f64> {
        let travel = slow.and_then(|slow| self.world.slow.get(slow)).map_or(&self.world.travel, |ways| &ways.travel);
        let seconds = |&time: &i32| if Time(time) == Time::NEVER { f64::INFINITY } else { Time(time).s() };
        travel.targets().into_iter().flat_map(|target| travel.times_to(target).iter().map(seconds)).collect()
    }

    /// Whether a script is asked: nothing happens before it has answered.
    #[wasm_bindgen(getter)]
    pub fn asks(&self) -> bool {
        self.simulation.asks()
    }

    /// What it is asked.
    pub fn question(&self) -> Result<Ts<Question>, JsValue> {
        let question = self.simulation.question().ok_or_else(no_question)?;
        typescript(&question)
    }

    /// Its answer: a list of assignments, from wherever it comes. What cannot be carried out ends up in the report as `fault`, and
    /// `insertion` decides for the rest of the day.
    pub fn answer(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Assignment[]")] answer: JsValue,
    ) -> Result<(), JsValue> {
        if !self.simulation.asks() {
            return Err(no_question());
        }
        match serde_wasm_bindgen::from_value::<Vec<Assignment>>(answer) {
            Ok(assignments) => self.simulation.answer(&assignments),
            Err(error) => self.simulation.give_up(
                Text::new(
                    format!("答えは{{ request, vehicle }}の配列ではありません（{error}）。"),
                    format!("the answer is not an array of {{ request, vehicle }}: {error}"),
                ),
                None,
            ),
        }
        Ok(())
    }

    /// The script has failed, in this line if it is known: the same follows.
    pub fn give_up(&mut self, ja: String, en: String, line: Option<u32>) {
        self.simulation.give_up(Text::new(ja, en), line);
    }

    /// The figures of the day so far.
    pub fn report(&self) -> Result<Ts<Report>, JsValue> {
        typescript(&report::report(&self.world, self.simulation.log()))
    }

    /// The record, for `Playback` on another thread.
    pub fn log_bytes(&self) -> Vec<u8> {
        self.simulation.log().to_bytes()
    }
}

impl Simulation {
    fn of(world: World) -> Simulation {
        let world = Arc::new(world);
        let simulation = sim::Simulation::new(Arc::clone(&world)).ask_script();
        Simulation { world, simulation, prepare_s: 0.0 }
    }
}

/// A town compiled once, for many days.
#[wasm_bindgen]
pub struct Town {
    scenario: Scenario,
    world: World,
}

#[wasm_bindgen]
impl Town {
    /// Compiles a scenario; throws a `ScenarioError` if it is not valid.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario_json: &str) -> Result<Town, JsValue> {
        let scenario = read(scenario_json)?;
        let world = World::new(&scenario);
        Ok(Town { scenario, world })
    }

    /// The day of a seed under these policies; throws a `ScenarioError` if they are not valid here.
    pub fn day(
        &self,
        seed: f64,
        matching: Ts<MatchingPolicy>,
        rebalancing: Ts<RebalancingPolicy>,
    ) -> Result<Simulation, JsValue> {
        let unread = |error: tsify::Error| JsError::new(&error.to_string());
        let entrant = Entrant {
            matching: matching.to_rust().map_err(unread)?,
            rebalancing: rebalancing.to_rust().map_err(unread)?,
        };
        let change = |scenario: &mut Scenario| {
            scenario.seed = seed as u64;
            entrant.enter(scenario);
        };
        let mut scenario = self.scenario.clone();
        change(&mut scenario);
        let problems = scenario.problems();
        if problems.is_empty() { Ok(Simulation::of(self.world.with(change))) } else { Err(invalid(&problems)) }
    }
}

fn no_question() -> JsValue {
    JsError::new("no question is open").into()
}

/// A finished day under other charging policies. Each is lived through when it is first asked about.
#[wasm_bindgen]
pub struct Study(study::Days);

#[wasm_bindgen]
impl Study {
    /// From a scenario and the record that a `Simulation` of it made.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario_json: &str, log_bytes: &[u8]) -> Result<Study, JsValue> {
        let (scenario, log) = (read(scenario_json)?, read_log(log_bytes)?);
        if let MatchingPolicy::Script { .. } = scenario.policies.matching {
            return Err(JsError::new("a day whose matching policy is a script cannot be lived through here").into());
        }
        Ok(Study(study::Days::new(Arc::new(World::new(&scenario)), log, None)))
    }

    /// How many comparisons there are.
    #[wasm_bindgen(getter)]
    pub fn comparisons(&self) -> u32 {
        self.0.against().len() as u32
    }

    /// One of them; lives through the day that it needs.
    pub fn compared(&mut self, index: u32) -> Result<Ts<Compared>, JsValue> {
        let against = self.0.against();
        let against = against.get(index as usize).ok_or_else(|| JsError::new("there is no such comparison"))?;
        typescript(&self.0.compared(*against))
    }

    /// How many charging policies a power cut is looked at under.
    #[wasm_bindgen(getter)]
    pub fn policies(&self) -> u32 {
        self.0.cut_policies(0.0).len() as u32
    }

    /// A power cut under one of them: begin in seconds from midnight, length in hours.
    pub fn power_cut(&mut self, policy: u32, from_s: f64, hours: f64) -> Result<Ts<PowerCuts>, JsValue> {
        let policies = self.0.cut_policies(hours);
        let policy = policies.get(policy as usize).ok_or_else(|| JsError::new("there is no such policy"))?;
        typescript(&PowerCuts { cuts: self.0.cuts_under(policy, Time::from_s(from_s), hours) })
    }
}

/// Runs of several matching policies on the same days, taken in as workers finish them.
#[wasm_bindgen]
pub struct Comparison {
    comparison: compare::Comparison,
    policies: u32,
}

#[wasm_bindgen]
impl Comparison {
    /// Of policies with these names, without any run yet.
    #[wasm_bindgen(constructor)]
    pub fn new(policies: Vec<String>) -> Comparison {
        Comparison { policies: policies.len() as u32, comparison: compare::Comparison::new(policies) }
    }

    /// Takes in the report of a policy, by index, on the day of a seed.
    pub fn add(&mut self, policy: u32, seed: f64, report: Ts<Report>) -> Result<(), JsValue> {
        if policy >= self.policies {
            return Err(JsError::new("there is no such policy").into());
        }
        let report = report.to_rust().map_err(|error| JsError::new(&error.to_string()))?;
        self.comparison.add(policy as usize, seed as u64, &report);
        Ok(())
    }

    /// What the runs say so far.
    pub fn findings(&self) -> Result<Ts<Findings>, JsValue> {
        typescript(&self.comparison.findings())
    }
}

/// A finished day, to be looked at at any time and in any direction.
#[wasm_bindgen]
pub struct Playback(playback::Playback);

#[wasm_bindgen]
impl Playback {
    /// From a scenario and the record that a `Simulation` of it made.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario_json: &str, log_bytes: &[u8]) -> Result<Playback, JsValue> {
        let (scenario, log) = (read(scenario_json)?, read_log(log_bytes)?);
        Ok(Playback(playback::Playback::new(&scenario, log)))
    }

    /// Number of vans.
    #[wasm_bindgen(getter)]
    pub fn vans(&self) -> u32 {
        self.0.vans() as u32
    }

    /// Begin of the log, whole minutes, seconds from midnight.
    #[wasm_bindgen(getter)]
    pub fn begin_s(&self) -> f64 {
        self.0.begin().s()
    }

    /// End of the log, whole minutes, seconds from midnight.
    #[wasm_bindgen(getter)]
    pub fn end_s(&self) -> f64 {
        self.0.end().s()
    }

    /// Goes to a time; what follows speaks of it.
    pub fn seek(&mut self, t_s: f64) {
        self.0.seek(Time::from_s(t_s));
    }

    /// Longitude and latitude of each van.
    pub fn positions(&self) -> Vec<f64> {
        self.0.positions().to_vec()
    }

    /// Heading of each van, degrees clockwise from north.
    pub fn headings(&self) -> Vec<f32> {
        self.0.headings().to_vec()
    }

    /// State of each van: 0 off duty, 1 idle, 2 driving empty, 3 driving with riders, 4 at a stop with riders, 5 charging or giving energy back.
    pub fn states(&self) -> Vec<u8> {
        self.0.states().to_vec()
    }

    /// People aboard each van.
    pub fn loads(&self) -> Vec<u8> {
        self.0.loads().to_vec()
    }

    /// State of charge of each van, 0 to 1; NaN without a battery.
    pub fn charge(&self) -> Vec<f32> {
        self.0.charge().to_vec()
    }

    /// Requests that have been accepted and wait to be picked up.
    pub fn waiting(&self) -> Vec<u32> {
        self.0.waiting()
    }

    /// Stops ahead of a van and the way there.
    pub fn plan(&self, van: u32) -> Result<Ts<PlanView>, JsValue> {
        typescript(&self.0.plan(VehicleId(van)))
    }

    /// State of charge of a van over the day: time in seconds, state, time, state …, linear between.
    pub fn charge_series(&self, van: u32) -> Vec<f64> {
        self.0.charge_series(VehicleId(van))
    }

    /// Every request and what became of it, by id.
    pub fn rides(&self) -> Result<Ts<Rides>, JsValue> {
        typescript(&self.0.rides())
    }

    /// Requests by H3 cell.
    pub fn cells(&self, query: Ts<CellQuery>) -> Result<Ts<Cells>, JsValue> {
        let query = query.to_rust().map_err(|error| JsError::new(&error.to_string()))?;
        typescript(&self.0.cells(query))
    }
}

fn typescript<T: Tsify + Serialize>(value: &T) -> Result<Ts<T>, JsValue> {
    Ts::from_rust(value).map_err(|error| JsError::new(&error.to_string()).into())
}

fn read_log(bytes: &[u8]) -> Result<Log, JsValue> {
    Log::from_bytes(bytes).ok_or_else(|| JsError::new("these bytes are not a log").into())
}

fn read(json: &str) -> Result<Scenario, JsValue> {
    scenario::read(json).map_err(|problems| invalid(&problems))
}

fn json(scenario: &Scenario) -> Result<String, JsValue> {
    serde_json::to_string(scenario).map_err(|error| JsError::new(&error.to_string()).into())
}

/// A `ScenarioError`.
fn invalid(problems: &[Problem]) -> JsValue {
    let message = problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message.en));
    let error = js_sys::Error::new(&message.collect::<Vec<_>>().join("\n"));
    error.set_name("ScenarioError");
    if let Ok(list) = serde_wasm_bindgen::to_value(&problems) {
        // Setting a property of a fresh error object cannot fail.
        let _ = js_sys::Reflect::set(&error, &"problems".into(), &list);
    }
    error.into()
}

/// Time of the worker's or the page's clock, in seconds.
fn now_s() -> f64 {
    let global = js_sys::global();
    let performance = match global.dyn_ref::<web_sys::WorkerGlobalScope>() {
        Some(worker) => worker.performance(),
        None => web_sys::window().and_then(|window| window.performance()),
    };
    performance.map_or(0.0, |performance| performance.now() / 1e3)
}
