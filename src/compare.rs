//! Policies on the same days: what each brings, and whether a difference is more than luck.
//!
//! A [`Comparison`] takes the figures of one finished run at a time, in any order, and can be asked at any time. Days are
//! paired: under every policy the same requests come at the same times, so that a difference is that of the policies and its
//! spread is much smaller than that of the days (common random numbers; Law, *Simulation Modeling and Analysis*, 5th ed.
//! 2015, section 11.2).
//!
//! Means have 95 % intervals by Student ("The probable error of a mean", *Biometrika* 6, 1908): mean ± t s / √n. A difference
//! is tested by the same distribution, paired by day. Who looks at many differences finds some by luck, so the probabilities
//! of all of them, of all figures, are adjusted by Holm ("A simple sequentially rejective multiple test procedure",
//! *Scandinavian Journal of Statistics* 6, 1979): if no policy differs from another, then with 95 % probability none is called
//! significant. Differences that are 0 on every day can never be, and do not count (Tarone, *Biometrics* 46, 1990).
//!
//! All this holds for a number of days chosen beforehand. Who asks while runs arrive, to see how things stand, must not stop
//! at the first significant difference.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::math;
use crate::report::{self, Report};
use crate::scenario::{ChargingPolicy, MatchingPolicy, RebalancingPolicy, Scenario};

/// Share of an interval, and 1 less the probability at which a difference is significant.
const CONFIDENCE: f64 = 0.95;

/// What is compared: who decides which van takes which rider, and where idle vans wait; and what else may differ from the
/// scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Entrant {
    /// Which van takes which rider.
    pub matching: MatchingPolicy,
    /// Where idle vans wait.
    pub rebalancing: RebalancingPolicy,
    /// When vans charge, if not as in the scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub charging: Option<ChargingPolicy>,
    /// How many vans there are, if not as many as in the scenario: see [`Fleet::resize`](crate::scenario::Fleet::resize).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub vans: Option<u32>,
    /// The demand's factor, if not the scenario's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub factor: Option<f64>,
}

impl Entrant {
    /// Lets it decide on a scenario's day.
    pub fn enter(&self, scenario: &mut Scenario) {
        let policies = &mut scenario.policies;
        (policies.matching, policies.rebalancing) = (self.matching.clone(), self.rebalancing.clone());
        if let Some(charging) = &self.charging {
            policies.charging = charging.clone();
        }
        if let Some(vans) = self.vans {
            scenario.fleet.resize(vans as usize);
        }
        if let Some(factor) = self.factor {
            scenario.demand.factor = factor;
        }
    }
}

/// Finished runs of several policies on the same days.
#[derive(Debug, Clone)]
pub struct Comparison {
    policies: Vec<String>,
    figures: Vec<String>,
    /// By day and policy, once the run is finished, the figures; absent where the report has none.
    runs: BTreeMap<u64, Vec<Option<Vec<Option<f64>>>>>,
}

/// What finished runs say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Findings {
    /// Names of the policies.
    pub policies: Vec<String>,
    /// Runs finished, of all policies.
    pub runs: u32,
    /// One entry for each of [`report::figures`], in their order.
    pub figures: Vec<FigureFindings>,
}

/// What finished runs say about one figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FigureFindings {
    /// Its field in [`Report`].
    pub key: String,
    /// Each policy's mean over the days.
    pub means: Vec<Estimate>,
    /// Each pair of policies, on the days that both have finished.
    pub differences: Vec<Difference>,
}

/// A mean and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Estimate {
    /// Days that have a value.
    pub days: u32,
    /// Mean; absent without a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean: Option<f64>,
    /// Half the width of its 95 % interval; absent below two values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub half_width: Option<f64>,
}

/// What one policy brings more than another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Difference {
    /// Index of a policy.
    pub policy: u32,
    /// Index of the one that it is compared with, an earlier one.
    pub against: u32,
    /// The first's figure less the second's.
    pub difference: Estimate,
    /// Probability of a mean difference of this size or more, either way, if there were none; absent below two days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub p: Option<f64>,
    /// The same, adjusted for the number of differences looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub p_adjusted: Option<f64>,
    /// Whether the adjusted probability is at most 0.05.
    pub significant: bool,
}

impl Comparison {
    /// Of policies with these names, without any run yet.
    pub fn new(policies: Vec<String>) -> Comparison {
        let figures = report::figures().into_iter().map(|figure| figure.key).collect();
        Comparison { policies, figures, runs: BTreeMap::new() }
    }

    /// Takes in a finished run: of a policy, by index, on a day, by its seed or number. The same run again replaces the one
    /// before.
    ///
    /// # Panics
    /// If there is no such policy.
    pub fn add(&mut self, policy: usize, day: u64, report: &Report) {
        let report = serde_json::to_value(report).expect("a report is JSON");
        self.add_figures(policy, day, |key| report[key].as_f64());
    }

    /// The same, of a report's figures by their keys.
    ///
    /// # Panics
    /// If there is no such policy.
    pub fn add_figures(&mut self, policy: usize, day: u64, figure: impl Fn(&str) -> Option<f64>) {
        let values = self.figures.iter().map(|key| figure(key)).collect();
        let runs = self.runs.entry(day).or_insert_with(|| vec![None; self.policies.len()]);
        runs[policy] = Some(values);
    }

    /// What the runs say so far. O(figures x (days x policies² + policies² log policies)).
    pub fn findings(&self) -> Findings {
        let mut figures: Vec<FigureFindings> = (0..self.figures.len()).map(|figure| self.figure(figure)).collect();
        adjust(figures.iter_mut().flat_map(|figure| &mut figure.differences).collect());
        let runs = self.runs.values().flatten().flatten().count() as u32;
        Findings { policies: self.policies.clone(), runs, figures }
    }

    fn figure(&self, figure: usize) -> FigureFindings {
        let values: Vec<Vec<Option<f64>>> = (0..self.policies.len())
            .map(|policy| {
                self.runs.values().map(|runs| runs[policy].as_ref().and_then(|values| values[figure])).collect()
            })
            .collect();
        let mut differences = Vec::new();
        for policy in 1..values.len() {
            for against in 0..policy {
                let pairs = values[policy].iter().zip(&values[against]);
                let by_day: Vec<f64> = pairs.filter_map(|(a, b)| Some((*a)? - (*b)?)).collect();
                let difference = estimate(&by_day);
                differences.push(Difference {
                    policy: policy as u32,
                    against: against as u32,
                    p: luck(&by_day),
                    p_adjusted: None,
                    significant: false,
                    difference,
                });
            }
        }
        let means = values.iter().map(|values| estimate(&values.iter().flatten().copied().collect::<Vec<f64>>()));
        FigureFindings { key: self.figures[figure].clone(), means: means.collect(), differences }
    }
}

/// Mean and standard error of the mean; the latter absent below two values.
fn mean_and_error(values: &[f64]) -> Option<(f64, Option<f64>)> {
    let n = values.len() as f64;
    if values.is_empty() {
        return None;
    }
    // Equal values have no spread; summing and dividing them could leave a crumb of one.
    if values.iter().all(|value| *value == values[0]) {
        return Some((values[0], (n > 1.0).then_some(0.0)));
    }
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    Some((mean, Some((squares / (n - 1.0) / n).sqrt())))
}

/// The mean of values and how sure it is.
pub fn estimate(values: &[f64]) -> Estimate {
    let found = mean_and_error(values);
    let half_width = |error| math::student_t(CONFIDENCE, values.len() as u32 - 1) * error;
    Estimate {
        days: values.len() as u32,
        mean: found.map(|(mean, _)| mean),
        half_width: found.and_then(|(_, error)| error).map(half_width),
    }
}

/// Probability of differences whose mean is so far from 0, if there were none: the paired t-test.
fn luck(differences: &[f64]) -> Option<f64> {
    let (mean, error) = mean_and_error(differences)?;
    match error? {
        _ if mean == 0.0 => Some(1.0),
        0.0 => Some(0.0),
        error => Some(1.0 - math::student_within((mean / error).abs(), differences.len() as u32 - 1)),
    }
}

/// Adjusts probabilities as Holm (1979) has it: from the smallest on, each times the number of those not yet passed, at most 1
/// and at least the one before.
fn adjust(mut differences: Vec<&mut Difference>) {
    differences.retain_mut(|difference| {
        let nowhere = difference.difference.mean == Some(0.0) && difference.difference.half_width == Some(0.0);
        if nowhere {
            difference.p_adjusted = difference.p;
        }
        difference.p.is_some() && !nowhere
    });
    let p = |difference: &Difference| difference.p.unwrap_or(1.0);
    differences.sort_by(|a, b| p(a).total_cmp(&p(b)));
    let (all, mut least) = (differences.len(), 0.0f64);
    for (passed, difference) in differences.into_iter().enumerate() {
        least = least.max((all - passed) as f64 * p(difference)).min(1.0);
        difference.p_adjusted = Some(least);
        difference.significant = least <= 1.0 - CONFIDENCE;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::scenario::{self, MatchingPolicy, Objective};
    use crate::sim::Simulation;
    use crate::world::World;

    /// A report of an empty day, with so many requests served and a mean wait.
    fn report(served: u32, mean_wait_s: Option<f64>) -> Report {
        let world = World::new(&scenario::Scenario::village());
        let log = crate::log::Log::default();
        Report { served, mean_wait_s, ..report::report(&world, &log) }
    }

    fn of<'f>(findings: &'f Findings, key: &str) -> &'f FigureFindings {
        findings.figures.iter().find(|figure| figure.key == key).expect("a figure")
    }

    fn near(ours: Option<f64>, theirs: f64, within: f64) {
        assert!(ours.is_some_and(|ours| (ours - theirs).abs() <= within), "{ours:?}, not {theirs}");
    }

    #[test]
    fn means_intervals_and_differences_by_hand() {
        let mut comparison = Comparison::new(vec!["a".into(), "b".into()]);
        for (day, [a, b]) in [(1, [10, 11]), (2, [12, 15]), (3, [14, 16]), (4, [16, 20])] {
            comparison.add(0, day, &report(a, Some(100.0)));
            comparison.add(1, day, &report(b, (day > 2).then_some(90.0)));
        }
        let findings = comparison.findings();
        assert_eq!((findings.runs, &findings.policies[..]), (8, &["a".to_string(), "b".to_string()][..]));
        let served = of(&findings, "served");
        // a: mean 13; squares 9 + 1 + 1 + 9 = 20, s² = 20 / 3, error √(20 / 3 / 4) = 1.2910; t of 3 degrees is 3.1824.
        assert_eq!((served.means[0].days, served.means[0].mean), (4, Some(13.0)));
        near(served.means[0].half_width, 3.1824 * 1.2910, 1e-3);
        // Differences 1, 3, 2, 4: mean 2.5; squares 2.25 + 0.25 + 0.25 + 2.25 = 5, error √(5 / 3 / 4) = 0.6455; t = 3.8730.
        let difference = &served.differences[0];
        assert_eq!((difference.policy, difference.against, difference.difference.mean), (1, 0, Some(2.5)));
        near(difference.difference.half_width, 3.1824 * 0.6455, 1e-3);
        // With 3 degrees: θ = atan(3.8730 / √3) = 1.1503, sin θ = 0.9129, cos θ = 0.4082;
        // p = 1 - 2 / π (1.1503 + 0.9129 x 0.4082) = 0.0305.
        near(difference.p, 0.0305, 1e-4);
        // Of two differences that are not 0 everywhere this is the larger: 1 x 0.0305; the wait's, on two days only, is
        // constant at -10, so p = 0, and comes first.
        near(difference.p_adjusted, 0.0305, 1e-4);
        assert!(difference.significant);
        let wait = &of(&findings, "mean_wait_s").differences[0];
        assert_eq!((wait.difference.days, wait.difference.mean, wait.p_adjusted), (2, Some(-10.0), Some(0.0)));
        // The rest is 0 on all days.
        assert_eq!(of(&findings, "vehicle_km").differences[0].p_adjusted, Some(1.0));
    }

    #[test]
    fn probabilities_are_adjusted_as_by_hand() {
        // Sorted 0.01, 0.02, 0.03, 0.04: 4 x 0.01 = 0.04; 3 x 0.02 = 0.06; 2 x 0.03 = 0.06; 1 x 0.04, but at least 0.06.
        let difference = |p| Difference {
            policy: 1,
            against: 0,
            difference: Estimate { days: 5, mean: Some(1.0), half_width: Some(1.0) },
            p: Some(p),
            p_adjusted: None,
            significant: false,
        };
        let mut differences = [0.04, 0.01, 0.03, 0.02].map(difference);
        adjust(differences.iter_mut().collect());
        for (difference, expected) in differences.iter().zip([0.06, 0.04, 0.06, 0.06]) {
            near(difference.p_adjusted, expected, 1e-15);
            assert_eq!(difference.significant, expected < 0.05);
        }
    }

    #[test]
    fn nothing_is_said_of_too_few_days() {
        let mut comparison = Comparison::new(vec!["a".into(), "b".into()]);
        assert_eq!(of(&comparison.findings(), "served").means[0].mean, None);
        comparison.add(0, 1, &report(3, None));
        comparison.add(1, 2, &report(5, None));
        let findings = comparison.findings();
        let served = of(&findings, "served");
        assert_eq!(served.means[1], Estimate { days: 1, mean: Some(5.0), half_width: None });
        assert_eq!((served.differences[0].difference.days, served.differences[0].p), (0, None));
    }

    /// Namie with two and a half times its demand, under policies on so many days.
    fn namie(policies: &[MatchingPolicy], days: u64) -> Findings {
        let mut town = scenario::read(scenario::TOWNS[0].1).expect("a built-in town is valid");
        town.demand.factor = 2.5;
        let world = World::new(&town);
        let mut comparison = Comparison::new(vec![String::new(); policies.len()]);
        for seed in 1..=days {
            for (index, policy) in policies.iter().enumerate() {
                let world = Arc::new(world.with(|scenario| {
                    (scenario.seed, scenario.policies.matching) = (seed, policy.clone());
                }));
                let log = Simulation::new(Arc::clone(&world)).run();
                comparison.add(index, seed, &report::report(&world, &log));
            }
        }
        comparison.findings()
    }

    #[test]
    fn a_policy_does_not_differ_from_itself() {
        let insertion = MatchingPolicy::Insertion { objective: Objective::weighing(0.5, 0.5) };
        let findings = namie(&[insertion.clone(), insertion], 3);
        // Of batches, calls by phone and the like there is nothing to tell here.
        let told: Vec<_> = findings.figures.iter().filter(|figure| figure.means[0].mean.is_some()).collect();
        assert!(told.len() > 20, "{} figures", told.len());
        for figure in told {
            let difference = &figure.differences[0];
            assert_eq!((difference.difference.mean, difference.difference.half_width), (Some(0.0), Some(0.0)));
            assert_eq!((difference.p, difference.p_adjusted, difference.significant), (Some(1.0), Some(1.0), false));
        }
    }

    #[test]
    fn sharing_serves_more_on_busy_days() {
        let policies = ["nearest", "insertion"].map(|name| MatchingPolicy::by_name(name).expect("a policy"));
        let findings = namie(&policies, 8);
        let served = &of(&findings, "served").differences[0];
        assert!(served.significant && served.difference.mean > Some(0.0), "{served:?}");
        // The requests are the same.
        assert_eq!(of(&findings, "requests").differences[0].difference.half_width, Some(0.0));
    }
}
