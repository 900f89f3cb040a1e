//! What goes wrong on a day, by the scenario: riders who come late or not at all, and breakdowns.

use super::*;

/// A shorter distance between breakdowns than this is no service.
const KM_BETWEEN: Range = from(1.0, 1e7);

impl Check {
    pub(super) fn disturbances(&mut self, scenario: &Scenario) {
        if let Some(behaviour) = &scenario.demand.behaviour {
            numbers!(self, "demand.behaviour", behaviour: late_share in SHARE, late_mean_s in DWELL_S,
                no_show_share in SHARE);
        }
        for (i, trip) in scenario.demand.trips.iter().enumerate() {
            if let Some(late_s) = trip.late_s {
                self.number(format_args!("demand.trips[{i}].late_s"), late_s, DAY_S);
            }
        }
        if let Some(breakdowns) = &scenario.fleet.breakdowns {
            numbers!(self, "fleet.breakdowns", breakdowns: repair_s in from(1.0, 86_400.0));
            if let Some(km) = breakdowns.mean_km_between {
                self.number("fleet.breakdowns.mean_km_between", km, KM_BETWEEN);
            }
        }
        let buses = scenario.fixed_route.as_ref().map_or(&[][..], |route| &route.vehicles);
        for (list, vehicles) in [("fleet.vehicles", &*scenario.fleet.vehicles), ("fixed_route.vehicles", buses)] {
            for (i, vehicle) in vehicles.iter().enumerate() {
                let Some(breaks_down_s) = vehicle.breaks_down_s else { continue };
                let path = format!("{list}[{i}].breaks_down_s");
                self.number(&path, breaks_down_s, TRIP_S);
                self.need(scenario.fleet.breakdowns.is_some(), &path, || {
                    Text::new(
                        "修理にかかる時間が分かりません。fleet.breakdowns に repair_s を書いてください。",
                        "nobody knows how long its repair takes: give fleet.breakdowns with repair_s",
                    )
                });
            }
        }
    }
}
