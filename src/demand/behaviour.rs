//! Riders who come late, and who do not come at all.

use crate::math;
use crate::rng::Rng;
use crate::scenario::{Behaviour, Scenario};
use crate::units::Time;

/// Whether and when a party is where it wants to be picked up. No policy sees it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Presence {
    /// How long after the begin of the promised window it comes.
    pub late: Time,
    /// It does not come.
    pub no_show: bool,
}

/// Draws one request after the other by the scenario's `demand.behaviour`, three numbers for each, so that what a trip says of
/// itself (`late_s`, `no_show`) changes nobody else's.
pub(super) fn draw(scenario: &Scenario) -> impl FnMut((Option<f64>, Option<bool>)) -> Presence + use<> {
    const PUNCTUAL: Behaviour = Behaviour { late_share: 0.0, late_mean_s: 0.0, no_show_share: 0.0 };
    let behaviour = scenario.demand.behaviour.clone().unwrap_or(PUNCTUAL);
    let mut rng = Rng::new(scenario.seed, "behaviour");
    move |(late_s, no_show)| {
        let [late, absent] = [behaviour.late_share, behaviour.no_show_share].map(|share| (rng.unit(), share));
        let exponential_s = -behaviour.late_mean_s * math::ln(1.0 - rng.unit());
        let drawn_s = if late.0 < late.1 { exponential_s } else { 0.0 };
        Presence { late: Time::from_s(late_s.unwrap_or(drawn_s)), no_show: no_show.unwrap_or(absent.0 < absent.1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_means_are_as_given_and_a_trip_may_say_so_itself() {
        let mut scenario = Scenario::village();
        scenario.demand.behaviour = Some(Behaviour { late_share: 0.3, late_mean_s: 240.0, no_show_share: 0.1 });
        let mut next = draw(&scenario);
        let drawn: Vec<Presence> = (0..20_000).map(|_| next((None, None))).collect();
        let late: Vec<f64> = drawn.iter().filter(|one| one.late > Time::ZERO).map(|one| one.late.s()).collect();
        let absent = drawn.iter().filter(|one| one.no_show).count() as f64;
        // Five standard deviations: sqrt(20,000 x 0.3 x 0.7) = 65, sqrt(20,000 x 0.1 x 0.9) = 42, 240 / sqrt(6,000) = 3.1.
        assert!((late.len() as f64 - 6_000.0).abs() < 325.0, "{} late", late.len());
        assert!((absent - 2_000.0).abs() < 212.0, "{absent} absent");
        let mean = late.iter().sum::<f64>() / late.len() as f64;
        assert!((mean - 240.0).abs() < 15.5, "{mean} s");

        let mut again = draw(&scenario);
        assert_eq!(again((Some(60.0), Some(true))), Presence { late: Time(60_000), no_show: true });
        assert_eq!(again((None, None)), drawn[1], "the next draws what it would have drawn");
        let mut punctual = draw(&Scenario::village());
        assert_eq!(punctual((None, None)), Presence::default());
    }
}
