//! Days lived through, one or many.

use std::sync::Arc;

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::{from_js, invalid, read, rust, typescript};
use crate::compare::Entrant;
use crate::matching::script::{self, Assignment, Question, QuestionTown};
use crate::report::{self, Report};
use crate::scenario::{Scenario, Text};
use crate::sim;
use crate::units::Time;
use crate::world::World;

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
        match from_js::<Vec<Assignment>>(&answer) {
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
    pub(super) fn of(world: World) -> Simulation {
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

    /// The day of a seed with these policies, vans and demand; throws a `ScenarioError` if they are not valid here.
    pub fn day(&self, seed: f64, entrant: Ts<Entrant>) -> Result<Simulation, JsValue> {
        let entrant: Entrant = rust(&entrant)?;
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

/// Time of the worker's or the page's clock, in seconds.
fn now_s() -> f64 {
    let global = js_sys::global();
    let performance = match global.dyn_ref::<web_sys::WorkerGlobalScope>() {
        Some(worker) => worker.performance(),
        None => web_sys::window().and_then(|window| window.performance()),
    };
    performance.map_or(0.0, |performance| performance.now() / 1e3)
}
