//! A larger service than today's.

use std::collections::BTreeSet;

use super::*;

impl Scenario {
    /// Grows the generated demand to this factor (`demand.factor`), and vans and supervisors with it, on the straight line between
    /// today's service and that of `growth`, in whole ones and beyond its ends too; without `growth` they stay as they are. Vans
    /// beyond those of the fleet are copies of them in turn, and who drives a van that is none any more has no shift.
    pub fn grow(&mut self, factor: f64) {
        let today = self.demand.factor;
        if let Some(growth) = self.growth.as_ref().filter(|growth| growth.factor != today) {
            let share = (factor - today) / (growth.factor - today);
            let grown = |from: u32, to: u32, least: f64| {
                (f64::from(from) + share * (f64::from(to) - f64::from(from))).round().clamp(least, MOST_VANS) as u32
            };
            let vans = grown(self.fleet.vehicles.len() as u32, growth.vans, 1.0);
            if let (Some(supervision), Some(supervisors)) = (&mut self.service.supervision, growth.supervisors) {
                supervision.supervisors = grown(supervision.supervisors, supervisors, 0.0);
            }
            self.fleet.resize(vans as usize);
        }
        self.demand.factor = factor;
    }
}

/// Most vans that growth makes, as `growth.vans` may say.
const MOST_VANS: f64 = 1_000.0;

impl Fleet {
    /// The first so many vans; beyond its own, copies of them in turn under new ids, none of an empty fleet. Who drives a van that is
    /// none any more has no shift.
    pub fn resize(&mut self, count: usize) {
        let own = self.vehicles.len();
        let ids: BTreeSet<String> = self.vehicles.iter().map(|van| van.id.clone()).collect();
        self.vehicles.truncate(count);
        for number in (own + 1..=count).filter(|_| own > 0) {
            let id = if ids.contains(&number.to_string()) { format!("+{number}") } else { number.to_string() };
            let van = Vehicle { id, ..self.vehicles[(number - 1) % own].clone() };
            self.vehicles.push(van);
        }
        if let Some(drivers) = &mut self.drivers {
            drivers.shifts.retain(|shift| self.vehicles.iter().any(|van| van.id == shift.vehicle));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vans_and_supervisors_grow_with_the_demand() {
        let mut scenario = Scenario::village();
        let today = scenario.fleet.vehicles.len() as u32;
        scenario.growth = Some(Growth { vans: today + 8, factor: 5.0, supervisors: None });
        for (factor, vans) in [(1.0, today), (2.0, today + 2), (5.0, today + 8), (6.0, today + 10)] {
            let mut grown = scenario.clone();
            grown.grow(factor);
            assert_eq!((grown.demand.factor, grown.fleet.vehicles.len() as u32), (factor, vans));
            assert_eq!(grown.problems(), [], "{factor}");
            assert_eq!(grown.fleet.vehicles[0], scenario.fleet.vehicles[0]);
        }
        let mut alone = Scenario { growth: None, ..scenario.clone() };
        alone.grow(3.0);
        assert_eq!((alone.demand.factor, alone.fleet.vehicles.len() as u32), (3.0, today));
    }
}
