//! How many vans a service needs: the fewest with which a share of all riders is picked up within so many minutes.
//!
//! A [`FleetSearch`] names a number of vans to probe, is given the reports of several days with so many, and names the next:
//! 1, 2, 4, … until the goal is reached, then halving what lies between (exponential search; Bentley and Yao, "An almost optimal
//! algorithm for unbounded searching", *Information Processing Letters* 5, 1976): O(log vans) probes. It knows neither workers nor
//! threads, so that the page and the command line search alike. All probes have the same days, so that they differ by their vans.
//!
//! What is looked at is a ratio, the riders picked up in time of all who asked, refused ones too, over all days together. Its
//! variance is that of a ratio estimator with days as clusters (Cochran, *Sampling Techniques*, 3rd ed. 1977, chapter 6), and the
//! bound below which it lies with 5 % probability only is Student's, one-sided: ratio - t s / √days. A number of vans reaches the
//! goal if that bound does, so that the answer holds for days like these, and not just for these days.
//!
//! More vans carry more riders as a rule, not by necessity: a policy that does not know the future may do worse with one more. The
//! answer is a number that reaches the goal where one van less does not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::log::Limit;
use crate::math;
use crate::report::{RefusedBy, Report, at_most};
use crate::scenario::{Problem, Text};

/// Probability with which the bound lies below the ratio.
const CONFIDENCE: f64 = 0.95;

/// The largest fleet that can be probed.
pub const MOST_VANS: u32 = 500;

/// The most minutes that can be asked about: a day.
const MOST_MINUTES: u32 = 24 * 60;

/// What the service is to reach.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Goal {
    /// Share of all riders' requests, above 0 and at most 1.
    pub share: f64,
    /// Minutes within which they are picked up, from the earliest moment that they wanted.
    pub within_min: u32,
}

impl Goal {
    /// What is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut problem = |path: &str, ja: String, en: String| {
            problems.push(Problem { path: path.into(), message: Text::new(ja, en) });
        };
        if !(self.share > 0.0 && self.share <= 1.0) {
            let share = self.share;
            problem(
                "share",
                format!("{share}は割合ではありません。0より大きく1以下の値（95%なら0.95）にしてください。"),
                format!("{share} is no share; give one above 0 and at most 1, 0.95 for 95 %"),
            );
        }
        if self.within_min > MOST_MINUTES {
            let within = self.within_min;
            problem(
                "within_min",
                format!("{within}分は1日より長い時間です。{MOST_MINUTES}分以下にしてください。"),
                format!("{within} minutes are more than a day; give at most {MOST_MINUTES}"),
            );
        }
        problems
    }
}

/// What the search takes of a day's report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SizedDay {
    /// Requests received.
    pub requests: u32,
    /// Those of riders.
    pub rider_requests: u32,
    /// How many of them were picked up within 0, 1, 2, … minutes.
    pub picked_up_within: Vec<u32>,
    /// Refusals by their reason.
    pub refused_by: Vec<RefusedBy>,
    /// The vans.
    pub vehicles: Vec<SizedVan>,
}

/// What the search takes of a van's day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SizedVan {
    /// Requests served.
    pub served: u32,
}

impl From<&Report> for SizedDay {
    fn from(report: &Report) -> SizedDay {
        SizedDay {
            requests: report.requests,
            rider_requests: report.rider_requests,
            picked_up_within: report.picked_up_within.clone(),
            refused_by: report.refused_by.clone(),
            vehicles: report.vehicles.iter().map(|van| SizedVan { served: van.served }).collect(),
        }
    }
}

/// How a search stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// There are vans to probe.
    Searching,
    /// The goal is reached.
    Reached,
    /// Requests that no van can serve, since the service is closed or no road leads there, are more than the goal allows.
    OutOfReach,
    /// The goal is missed although half of the vans carry nobody all day.
    VansToSpare,
    /// The goal is missed with as many vans as may be probed.
    TooManyVans,
}

/// What a search says so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Sizing {
    /// What was asked.
    pub goal: Goal,
    /// How it stands.
    pub verdict: Verdict,
    /// The fewest vans of those probed that reach the goal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub vans: Option<u32>,
    /// Numbers of vans probed, from the smallest on.
    pub probes: Vec<Probe>,
}

/// So many vans on all days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Probe {
    /// How many.
    pub vans: u32,
    /// Days.
    pub days: u32,
    /// Riders' requests of all days.
    pub requests: u32,
    /// Those picked up in time.
    pub in_time: u32,
    /// Those served, but picked up later.
    pub late: u32,
    /// `in_time / requests`; absent without requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub share: Option<f64>,
    /// The share is at least this with 95 % probability, one-sided; absent below two days with requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub at_least: Option<f64>,
    /// Whether `at_least` is the share wanted or more.
    pub reached: bool,
    /// Vans that carried nobody, on the day on which they were fewest.
    pub to_spare: u32,
    /// Refusals of all days by their reason, parcels among them.
    pub refused_by: Vec<RefusedBy>,
}

/// Looks for the fewest vans.
#[derive(Debug, Clone)]
pub struct FleetSearch {
    goal: Goal,
    /// Vans of the scenario.
    own: u32,
    most: u32,
    /// By their vans.
    probes: BTreeMap<u32, Probe>,
    out_of_reach: bool,
}

impl FleetSearch {
    /// For a scenario with so many vans, and a largest fleet that is probed, 1 to [`MOST_VANS`].
    ///
    /// # Errors
    /// What is wrong with the goal or the largest fleet, by its name.
    pub fn new(goal: Goal, own: u32, most: u32) -> Result<FleetSearch, Vec<Problem>> {
        let mut problems = goal.problems();
        if most == 0 || most > MOST_VANS {
            problems.push(Problem {
                path: "most".into(),
                message: Text::new(
                    format!("{most}台は探せません。1台から{MOST_VANS}台までにしてください。"),
                    format!("{most} vans cannot be probed; give 1 to {MOST_VANS}"),
                ),
            });
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(FleetSearch { goal, own, most, probes: BTreeMap::new(), out_of_reach: false })
    }

    /// How many vans to probe next; none once the search has ended.
    pub fn next(&self) -> Option<u32> {
        if self.out_of_reach {
            return None;
        }
        let reached = self.probes.values().find(|probe| probe.reached);
        let missed =
            self.probes.values().rfind(|probe| !probe.reached && reached.is_none_or(|most| probe.vans < most.vans));
        match (missed, reached) {
            (None, None) => Some(1),
            (Some(missed), None) => {
                let spare = 2 * missed.to_spare >= missed.vans && missed.vans >= self.own;
                (!spare && missed.vans < self.most).then(|| (2 * missed.vans).min(self.most))
            }
            (missed, Some(reached)) => {
                let below = missed.map_or(0, |missed| missed.vans);
                (reached.vans - below > 1).then(|| below + (reached.vans - below) / 2)
            }
        }
    }

    /// Takes in all days with so many vans.
    pub fn add(&mut self, vans: u32, days: &[SizedDay]) {
        let (probe, hopeless) = self.probe(vans, days);
        let cannot = probe.requests.saturating_sub(hopeless);
        self.out_of_reach |= hopeless > 0 && f64::from(cannot) < self.goal.share * f64::from(probe.requests);
        self.probes.insert(vans, probe);
    }

    /// What the search says so far.
    pub fn sizing(&self) -> Sizing {
        let vans = self.probes.values().find(|probe| probe.reached).map(|probe| probe.vans);
        let verdict = match (self.next(), vans) {
            (Some(_), _) => Verdict::Searching,
            (None, Some(_)) => Verdict::Reached,
            (None, None) if self.out_of_reach => Verdict::OutOfReach,
            (None, None) if self.probes.contains_key(&self.most) => Verdict::TooManyVans,
            (None, None) => Verdict::VansToSpare,
        };
        Sizing { goal: self.goal, verdict, vans, probes: self.probes.values().cloned().collect() }
    }

    /// A probe, and how many riders' requests at least were refused on grounds that have nothing to do with the number of vans.
    fn probe(&self, vans: u32, days: &[SizedDay]) -> (Probe, u32) {
        let in_time = |day: &SizedDay| at_most(&day.picked_up_within, self.goal.within_min as usize);
        let served = |day: &SizedDay| day.picked_up_within.last().copied().unwrap_or(0);
        let sum = |value: &dyn Fn(&SizedDay) -> u32| days.iter().map(value).sum::<u32>();
        let mut refused: BTreeMap<Limit, u32> = BTreeMap::new();
        let mut hopeless = 0;
        for day in days {
            // Whose request was refused is not told; at most all the parcels' are among them.
            let parcels = day.requests - day.rider_requests;
            let by = |by: &&RefusedBy| self.is_hopeless(by.limit, vans);
            let count: u32 = day.refused_by.iter().filter(by).map(|by| by.count).sum();
            hopeless += count.saturating_sub(parcels);
            for by in &day.refused_by {
                *refused.entry(by.limit).or_default() += by.count;
            }
        }
        let pairs: Vec<(f64, f64)> =
            days.iter().map(|day| (f64::from(in_time(day)), f64::from(day.rider_requests))).collect();
        let share = ratio(&pairs);
        let at_least = share.and_then(|share| lower_bound(&pairs, share));
        let carried_nobody = |day: &SizedDay| day.vehicles.iter().filter(|van| van.served == 0).count() as u32;
        let probe = Probe {
            vans,
            days: days.len() as u32,
            requests: sum(&|day| day.rider_requests),
            in_time: sum(&in_time),
            late: sum(&|day| served(day) - in_time(day)),
            share,
            at_least,
            reached: at_least.is_some_and(|bound| bound >= self.goal.share),
            to_spare: days.iter().map(carried_nobody).min().unwrap_or(0),
            refused_by: refused.into_iter().map(|(limit, count)| RefusedBy { limit, count }).collect(),
        };
        (probe, hopeless)
    }

    /// Whether no number of vans changes this reason. Fewer vans than the scenario's may lack its largest, or all with a driver.
    fn is_hopeless(&self, limit: Limit, vans: u32) -> bool {
        match limit {
            Limit::Closed | Limit::NoRoad | Limit::Walk | Limit::OnFoot => true,
            Limit::PartyTooLarge | Limit::Area => vans >= self.own,
            Limit::Busy
            | Limit::Wait
            | Limit::Seats
            | Limit::Ride
            | Limit::Promise
            | Limit::Shift
            | Limit::Charge
            | Limit::Cost
            | Limit::Declined => false,
        }
    }
}

/// Parts of wholes over all days.
fn ratio(pairs: &[(f64, f64)]) -> Option<f64> {
    let [part, whole] = [pairs.iter().map(|pair| pair.0).sum::<f64>(), pairs.iter().map(|pair| pair.1).sum()];
    (whole > 0.0).then(|| part / whole)
}

/// The one-sided bound of a ratio: with residuals `part - ratio x whole`, whose sum is 0, its standard error is
/// √(Σ residual² / (n (n - 1))) / mean whole. Days without a whole say nothing.
fn lower_bound(pairs: &[(f64, f64)], ratio: f64) -> Option<f64> {
    let days: Vec<&(f64, f64)> = pairs.iter().filter(|pair| pair.1 > 0.0).collect();
    let n = days.len() as f64;
    if days.len() < 2 {
        return None;
    }
    let squares: f64 = days.iter().map(|(part, whole)| (part - ratio * whole) * (part - ratio * whole)).sum();
    let mean = days.iter().map(|pair| pair.1).sum::<f64>() / n;
    // One side of 5 % is both sides of 10 %.
    let t = math::student_t(2.0 * CONFIDENCE - 1.0, days.len() as u32 - 1);
    Some((ratio - t * (squares / (n * (n - 1.0))).sqrt() / mean).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOAL: Goal = Goal { share: 0.9, within_min: 15 };

    /// A day of 100 riders, so many of them picked up after 10 minutes and the others after 20, but for those refused.
    fn day(in_time: u32, refused: &[(Limit, u32)], idle: u32, vans: u32) -> SizedDay {
        let refused_by: Vec<RefusedBy> = refused.iter().map(|&(limit, count)| RefusedBy { limit, count }).collect();
        let served = 100 - refused_by.iter().map(|by| by.count).sum::<u32>();
        let mut picked_up_within = vec![0; 10];
        picked_up_within.extend([in_time; 10]);
        picked_up_within.push(served);
        let vehicles = (0..vans).map(|van| SizedVan { served: u32::from(van >= idle) }).collect();
        SizedDay { requests: 100, rider_requests: 100, picked_up_within, refused_by, vehicles }
    }

    /// Searches where so many are in time with so many vans; the answer and what was probed in which order.
    fn search(most: u32, in_time: impl Fn(u32) -> u32) -> (Sizing, Vec<u32>) {
        let mut search = FleetSearch::new(GOAL, 1, most).expect("a goal");
        let mut order = Vec::new();
        while let Some(vans) = search.next() {
            order.push(vans);
            search.add(vans, &[day(in_time(vans), &[], 0, vans), day(in_time(vans), &[], 0, vans)]);
        }
        (search.sizing(), order)
    }

    #[test]
    fn it_doubles_and_then_halves() {
        let (sizing, order) = search(100, |vans| (vans * 8).min(100));
        // 12 vans bring 96 of 100 in time, 11 bring 88.
        assert_eq!((sizing.vans, sizing.verdict), (Some(12), Verdict::Reached));
        assert_eq!(order, [1, 2, 4, 8, 16, 12, 10, 11]);
    }

    #[test]
    fn it_finds_what_a_scan_of_all_sizes_finds() {
        for needed in 1..=70 {
            let (sizing, order) = search(64, |vans| if vans >= needed { 95 } else { 20 });
            let scanned = (1..=64).find(|&vans| vans >= needed);
            assert_eq!(sizing.vans, scanned, "{needed}");
            assert_eq!(sizing.verdict, if needed > 64 { Verdict::TooManyVans } else { Verdict::Reached });
            assert!(order.len() <= 13, "{order:?}");
        }
    }

    #[test]
    fn the_bound_is_as_by_hand() {
        // Of 10 requests 9, of 20 16, of 30 29: ratio 54 / 60 = 0.9. Residuals 9 - 9 = 0, 16 - 18 = -2, 29 - 27 = 2; their squares
        // 8, over 3 x 2: √(8 / 6) = 1.1547, over the mean of 20: 0.0577. t of 2 degrees, one-sided: 2.9200.
        let pairs = [(9.0, 10.0), (16.0, 20.0), (29.0, 30.0), (0.0, 0.0)];
        let share = ratio(&pairs).expect("requests");
        assert!((share - 0.9).abs() < 1e-12);
        let bound = lower_bound(&pairs, share).expect("three days");
        assert!((bound - (0.9 - 2.9200 * 0.057_735)).abs() < 1e-5, "{bound}");
        assert_eq!((lower_bound(&pairs[..1], 0.9), ratio(&[(0.0, 0.0)])), (None, None));
    }

    #[test]
    fn a_mean_above_the_goal_is_not_enough() {
        let mut search = FleetSearch::new(GOAL, 1, 8).expect("a goal");
        search.add(1, &[day(100, &[], 0, 1), day(82, &[], 0, 1)]);
        let sizing = search.sizing();
        assert_eq!(
            (sizing.probes[0].share, sizing.probes[0].reached, sizing.verdict),
            (Some(0.91), false, Verdict::Searching)
        );
    }

    #[test]
    fn it_says_why_no_number_of_vans_is_enough() {
        let closed = [(Limit::Closed, 11)];
        let mut search = FleetSearch::new(GOAL, 1, 100).expect("a goal");
        search.add(1, &[day(60, &closed, 0, 1), day(60, &closed, 0, 1)]);
        assert_eq!((search.next(), search.sizing().verdict), (None, Verdict::OutOfReach));
        // 29 of 100 were served later.
        assert_eq!((search.sizing().probes[0].late, search.sizing().probes[0].refused_by[0].count), (58, 22));

        // As many may be parcels, which nobody asks about.
        let with_parcels = SizedDay { rider_requests: 80, ..day(60, &closed, 0, 1) };
        let mut search = FleetSearch::new(GOAL, 1, 100).expect("a goal");
        search.add(1, &[with_parcels.clone(), with_parcels]);
        assert_eq!(search.next(), Some(2));

        // A party that is too large for the first two vans may fit into the third.
        let large = [(Limit::PartyTooLarge, 11)];
        let mut search = FleetSearch::new(GOAL, 3, 100).expect("a goal");
        search.add(2, &[day(60, &large, 0, 2), day(60, &large, 0, 2)]);
        assert_eq!(search.next(), Some(4));
        search.add(4, &[day(60, &large, 0, 4), day(60, &large, 0, 4)]);
        assert_eq!(search.sizing().verdict, Verdict::OutOfReach);

        let mut search = FleetSearch::new(GOAL, 1, 100).expect("a goal");
        search.add(8, &[day(60, &[], 5, 8), day(60, &[], 4, 8)]);
        assert_eq!((search.next(), search.sizing().verdict), (None, Verdict::VansToSpare));
        assert_eq!(search.sizing().probes[0].to_spare, 4);
    }

    #[test]
    fn what_cannot_be_asked_is_named() {
        let paths = |goal, most| match FleetSearch::new(goal, 1, most) {
            Err(problems) => problems.into_iter().map(|problem| problem.path).collect::<Vec<_>>(),
            Ok(_) => Vec::new(),
        };
        assert_eq!(paths(Goal { share: 95.0, within_min: 9_999 }, 0), ["share", "within_min", "most"]);
        assert_eq!(paths(Goal { share: f64::NAN, within_min: 0 }, 501), ["share", "most"]);
        assert!(paths(Goal { share: 1.0, within_min: 1_440 }, 500).is_empty());
    }
}
