//! Full power at once, and the energy for a power cut always held back, by vans whose reserve the plans of rides keep.
//!
//! What has to be held back is what the critical loads take over the hours of the cut, at whatever half hour it begins, less
//! what sun, wind and the fuel cell give meanwhile. The stationary battery and the site's cars come first: under this policy they
//! only charge, so they hold at least what they begin the day with, less all trips of the day. The rest is shared by the
//! vans that can give back, each by what it can hold. Left out: a van that waits to come home, and the converters' limits.

use super::{Unit, View};
use crate::battery::Link;
use crate::fleet::VanSpec;
use crate::site::{SLOT_H, SiteSpec};
use crate::world::DepotSpec;

pub(super) fn control(view: &View) -> Vec<f64> {
    view.units.iter().map(Unit::max_charge_kw).collect()
}

/// Raises the reserves of a depot's vans to what a power cut of so many hours asks of them.
pub fn hold_back(vans: &mut [VanSpec], depot: &DepotSpec, hours: f64) {
    let missing_kwh = (needed_kwh(&depot.site, hours) - sure_kwh(&depot.site)).max(0.0);
    let at_home = |van: &VanSpec| van.home == Some(depot.node);
    let batteries = || vans.iter().filter(|van| at_home(van)).filter_map(|van| van.battery);
    // By van: what it would give if it held back all it can hold.
    let could_give_kwh: Vec<f64> = batteries()
        .zip(&depot.chargers)
        .map(|(battery, charger)| match charger.discharge {
            Some(_) => {
                let link = Link { battery: &battery, charger };
                (battery.capacity_kwh - battery.reserve_kwh).max(0.0) * link.discharge_efficiency()
            }
            None => 0.0,
        })
        .collect();
    let share = missing_kwh / could_give_kwh.iter().sum::<f64>();
    if !(share > 0.0 && share.is_finite()) {
        return;
    }
    let batteries = vans.iter_mut().filter(|van| at_home(van)).filter_map(|van| van.battery.as_mut());
    for (battery, give_kwh) in batteries.zip(could_give_kwh) {
        if give_kwh > 0.0 {
            battery.reserve_kwh += share.min(1.0) * (battery.capacity_kwh - battery.reserve_kwh).max(0.0);
        }
    }
}

/// What critical loads take beyond sun, wind and fuel cell in a power cut of so many hours, at the worst half hour to begin.
fn needed_kwh(site: &SiteSpec, hours: f64) -> f64 {
    let missing_kw =
        |slot: usize| (site.critical_kw - site.fuel_kw - site.slots[slot].solar_kw - site.slots[slot].wind_kw).max(0.0);
    let count = site.slots.len();
    let from = |begin: usize| -> f64 {
        let halves = (hours / SLOT_H).ceil() as usize;
        // The last of them may not be whole.
        (0..halves).map(|i| missing_kw((begin + i) % count) * SLOT_H.min(hours - i as f64 * SLOT_H)).sum()
    };
    (0..count).map(from).fold(0.0, f64::max)
}

/// What the stationary battery and the cars can give at any time of the day.
fn sure_kwh(site: &SiteSpec) -> f64 {
    let gives = |link: Link, spare_kwh: f64| match link.charger.discharge {
        Some(_) => spare_kwh.max(0.0) * link.discharge_efficiency(),
        None => 0.0,
    };
    let cars = site.cars.iter().map(|car| {
        let trips_kwh: f64 = car.trips.iter().map(|trip| trip.2).sum();
        let battery = &car.unit.battery;
        gives(car.unit.link(), battery.initial_kwh - trips_kwh - battery.reserve_kwh)
    });
    // What a stationary battery keeps for a power cut is there for it.
    let stationary = site.stationary.iter().map(|unit| gives(unit.link(), unit.battery.initial_kwh));
    cars.chain(stationary).sum()
}

#[cfg(test)]
mod tests {
    use crate::scenario::{self, ChargingPolicy, Scenario, TOWNS};
    use crate::world::World;

    /// Two of Namie's vans, and 9 kW to carry with nothing but them.
    fn bare() -> Scenario {
        let mut scenario = scenario::read(TOWNS[0].1).expect("the built-in town is valid");
        let site = scenario.depots[0].site.as_mut().expect("a site");
        (site.solar, site.wind, site.fuel_cell) = (None, None, None);
        site.cars.clear();
        scenario.fleet.vehicles.truncate(2);
        scenario
    }

    fn reserves(mut scenario: Scenario, hours: f64) -> Vec<f64> {
        scenario.policies.charging = ChargingPolicy::Backup { below_soc: 0.3, hours };
        assert_eq!(scenario.problems(), Vec::new());
        World::new(&scenario).vans.iter().map(|van| van.battery.expect("electric vans").reserve_kwh).collect()
    }

    fn are(kwh: &[f64], expected: &[f64]) {
        let like = |(a, b): (&f64, &f64)| (a - b).abs() < 0.01;
        assert!(kwh.len() == expected.len() && kwh.iter().zip(expected).all(like), "{kwh:?}, not {expected:?}");
    }

    #[test]
    fn vans_share_what_a_cut_takes_by_what_they_can_hold() {
        // 2 h x 9 kW = 18 kWh. At 6 kW, 0.036 + 0.063 p + 0.005 p² are lost in the converter: p = 6.680 kW, of 6.680 / 0.985 =
        // 6.782 kW from the cells, 0.8847 of what is stored: 20.345 kWh. Van 1 can hold 36 − 5.4 = 30.6 kWh, van 2 half of it.
        let mut scenario = bare();
        scenario.fleet.vehicles[1].battery.as_mut().expect("electric").capacity_kwh = 18.0;
        let kwh = reserves(scenario, 2.0);
        are(&kwh, &[5.4 + 20.345 * 2.0 / 3.0, 2.7 + 20.345 / 3.0]);
    }

    #[test]
    fn a_van_without_a_two_way_charger_holds_nothing_back() {
        let mut scenario = bare();
        let mut one_way = scenario.depots[0].chargers[0].clone();
        (one_way.count, one_way.discharge) = (1, None);
        scenario.depots[0].chargers[0].count = 1;
        scenario.depots[0].chargers.push(one_way);
        are(&reserves(scenario, 2.0), &[5.4 + 20.345, 5.4]);
    }

    #[test]
    fn the_fuel_cell_the_sun_and_the_cars_come_first() {
        let full = scenario::read(TOWNS[0].1).expect("the built-in town is valid");
        // Five cars with 37 x (0.8 − 0.2) − 6 = 16.2 kWh each give some 71 kWh: ten hours of 9 − 3.5 kW and a little wind.
        are(&reserves(full.clone(), 12.0), &[5.4, 5.4, 5.4]);
        let mut without = full.clone();
        without.depots[0].site.as_mut().expect("a site").cars.clear();
        let kwh = reserves(without, 12.0);
        // 12 h x 5.5 kW / 0.8847 at most, for three vans; the night is not longer, and wind helps.
        assert!(kwh[0] > 5.4 + 15.0 && kwh[0] < 5.4 + 12.0 * 5.5 / 0.8847 / 3.0, "{kwh:?}");
    }

    #[test]
    fn nothing_is_held_back_beyond_the_battery_or_for_no_loads() {
        are(&reserves(bare(), 100.0), &[36.0, 36.0]);
        let mut scenario = bare();
        scenario.depots[0].site.as_mut().expect("a site").critical_loads.clear();
        are(&reserves(scenario, 24.0), &[5.4, 5.4]);
    }
}
