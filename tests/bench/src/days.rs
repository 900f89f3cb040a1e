//! Days on which matching is measured: taxi trips in Manhattan, and towns that are drawn.

use noriai::generate::{Case, Spec};
use noriai::matching::MatchingPolicy;
use noriai::objective::{Objective, RefusalCost};
use noriai::scenario::tables::{self, Tables};
use noriai::scenario::{self, RebalancingPolicy, Scenario, Vehicle};

/// Longest wait in seconds, and latest drop-off after it in direct driving times: what the peers' figures were measured with.
const LIMITS: (u32, f64) = (300, 1.4);

/// Policies that are measured together, with the name under which they stand in the tables.
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// Which van takes which rider.
    pub matching: MatchingPolicy,
    /// Where idle vans wait.
    pub rebalancing: RebalancingPolicy,
}

impl Setting {
    /// All that are measured, with their usual parameters unless the name says otherwise.
    pub fn all() -> Vec<Setting> {
        let usual = |name: &'static str| Setting {
            name,
            matching: MatchingPolicy::by_name(name).expect("the word of a policy"),
            rebalancing: RebalancingPolicy::Stay {},
        };
        let steered = Setting {
            name: "anticipating, forecast",
            rebalancing: RebalancingPolicy::by_name("forecast").expect("the word of a policy"),
            ..usual("anticipating")
        };
        let mut selective = Setting {
            name: "anticipating, forecast, refusal",
            rebalancing: steered.rebalancing.clone(),
            ..usual("anticipating")
        };
        if let MatchingPolicy::Anticipating { objective, .. } = &mut selective.matching {
            // The best of a few tried on drawn towns.
            *objective = Objective {
                refusal: Some(RefusalCost { base_s: 400, per_direct: 0.8 }),
                ..Objective::weighing(0.4, 0.4)
            };
        }
        let usual = ["nearest", "insertion", "batch", "pooling", "anticipating"].map(usual);
        usual.into_iter().chain([steered, selective]).collect()
    }

    /// Whether the scenario's seed changes what it decides.
    pub fn draws(&self) -> bool {
        matches!(self.matching, MatchingPolicy::Anticipating { .. })
    }

    /// Puts it into a scenario.
    pub fn choose(&self, scenario: &mut Scenario) {
        scenario.policies.matching = self.matching.clone();
        scenario.policies.rebalancing = self.rebalancing.clone();
    }
}

/// The scenario of four tables, each as text: nodes, edges, requests, vehicles.
pub fn of_tables([nodes, edges, requests, vehicles]: [&str; 4]) -> Result<Scenario, String> {
    let (max_wait_s, detour_factor) = LIMITS;
    match tables::read(&Tables { nodes, edges, requests, vehicles }, max_wait_s, detour_factor) {
        Ok((scenario, _)) => Ok(scenario),
        Err(problems) => {
            Err(problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message.en)).collect())
        }
    }
}

/// A town that is drawn, as `noriai generate` writes it.
pub fn drawn(spec: &Spec) -> Scenario {
    let case = Case::new(spec).expect("a spec within the generator's limits");
    let [nodes, edges, requests, vehicles] = case.tables().map(|(_, text)| text);
    let scenario = of_tables([&nodes, &edges, &requests, &vehicles]).expect("generated tables are valid");
    Scenario { seed: spec.seed, ..scenario }
}

/// The town of the comparison of policies: 3,000 nodes, trips of 3 km.
pub fn town(requests: u32, vehicles: u32, seed: u64) -> Spec {
    Spec { requests, vehicles, nodes: Some(3_000), trip_km: 3.0, seed, ..Spec::default() }
}

/// The town of the measurement of growth: 60 vans for 1,000 requests, and an area in proportion to the vans.
pub fn grown(requests: u32) -> Spec {
    Spec { requests, vehicles: requests * 6 / 100, ..Spec::default() }
}

/// A day of Namie with so many times its demand, vans and chargers.
pub fn namie(times: u32) -> Scenario {
    let mut town =
        scenario::read(include_str!("../../../src/scenario/towns/namie.json")).expect("a built-in town is valid");
    town.demand.factor *= f64::from(times);
    let fleet = std::mem::take(&mut town.fleet.vehicles);
    for copy in 0..times {
        let of_copy = |van: &Vehicle| Vehicle { id: format!("{}-{copy}", van.id), ..van.clone() };
        town.fleet.vehicles.extend(fleet.iter().map(of_copy));
    }
    for charger in town.depots.iter_mut().flat_map(|depot| &mut depot.chargers) {
        charger.count *= times;
    }
    town
}
