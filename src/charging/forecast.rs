//! What a policy may expect of a day: the mean of days drawn from the same demand model with other seeds, and the most that any
//! of them took. Never the day itself.

use crate::log::{Event, Log};
use crate::site::SLOT;
use crate::units::Time;
use crate::world::World;

/// Days drawn for a forecast. The most of twelve days is exceeded by one in thirteen.
pub const DAYS: u64 = 12;

/// A van on duty keeps what it may need for so long; for later, it can charge between rides.
pub const SOON: Time = Time(4 * Time::HOUR.0);

/// The seed of a drawn day: no other day of this scenario, and no day of a scenario with another seed, has it.
pub fn seed(seed: u64, day: u64) -> u64 {
    let mut rng = crate::rng::Rng::new(seed, &format!("forecast {day}"));
    (rng.unit() * (1u64 << 53) as f64) as u64
}

/// Expectations by van and slot.
#[derive(Debug, Clone, Default)]
pub struct Forecast {
    /// Mean energy used by driving and boarding, kWh.
    pub use_kwh: Vec<Vec<f64>>,
    /// Mean share of the slot at a charger.
    pub home: Vec<Vec<f64>>,
    /// The most that is used from the begin of the slot to the end of the day, kWh.
    pub need_kwh: Vec<Vec<f64>>,
    /// The most that is used within [`SOON`] of the begin of the slot, kWh.
    pub soon_kwh: Vec<Vec<f64>>,
}

impl Forecast {
    /// From days lived through. O(rows).
    pub fn new(world: &World, days: &[Log]) -> Forecast {
        let slots = slots(world);
        let zeros = vec![vec![0.0; slots + 1]; world.vans.len()];
        let mut forecast =
            Forecast { use_kwh: zeros.clone(), home: zeros.clone(), need_kwh: zeros.clone(), soon_kwh: zeros.clone() };
        let share = 1.0 / days.len().max(1) as f64;
        for log in days {
            let used = used_kwh(world, log, slots);
            for (v, used) in used.iter().enumerate() {
                let mut rest = 0.0;
                for slot in (0..slots).rev() {
                    rest += used[slot];
                    forecast.use_kwh[v][slot] += share * used[slot];
                    forecast.need_kwh[v][slot] = forecast.need_kwh[v][slot].max(rest);
                    let soon: f64 = used[slot..].iter().take((SOON.0 / SLOT.0) as usize).sum();
                    forecast.soon_kwh[v][slot] = forecast.soon_kwh[v][slot].max(soon);
                }
            }
            for session in &log.sessions {
                let home = &mut forecast.home[session.vehicle.index()];
                let until = session.unplugged.unwrap_or(world.day.1);
                for (slot, home) in home.iter_mut().enumerate().take(slots) {
                    let begin = world.day.0 + Time(slot as i32 * SLOT.0);
                    let overlap = until.min(begin + SLOT) - session.plugged.max(begin);
                    *home += share * f64::from(overlap.0.max(0)) / f64::from(SLOT.0);
                }
            }
        }
        forecast
    }

    /// Where nothing is known of the demand: half of each battery, evenly over the service, away all the time, and the whole
    /// battery in reserve for it.
    pub fn blind(world: &World) -> Forecast {
        let slots = slots(world);
        let mut forecast = Forecast::default();
        let (opens, closes) = world.hours.unwrap_or((world.day.0, world.day.0));
        for van in &world.vans {
            let capacity = van.battery.map_or(0.0, |battery| battery.capacity_kwh);
            let service = |slot: usize| {
                let begin = world.day.0 + Time(slot as i32 * SLOT.0);
                let overlap = closes.min(begin + SLOT) - opens.max(begin);
                f64::from(overlap.0.max(0)) / f64::from(SLOT.0)
            };
            let shares: Vec<f64> = (0..=slots).map(service).collect();
            let total: f64 = shares.iter().sum();
            forecast.use_kwh.push(shares.iter().map(|share| 0.5 * capacity * share / total.max(1.0)).collect());
            forecast.home.push(shares.iter().map(|share| 1.0 - share).collect());
            let all = |share: &f64| if *share > 0.0 { capacity } else { 0.0 };
            forecast.need_kwh.push(shares.iter().map(all).collect());
            forecast.soon_kwh.push(shares.iter().map(all).collect());
        }
        forecast
    }
}

fn slots(world: &World) -> usize {
    ((world.day.1 - world.day.0).0 / SLOT.0) as usize
}

/// Energy used away from chargers by van and slot.
fn used_kwh(world: &World, log: &Log, slots: usize) -> Vec<Vec<f64>> {
    let mut used = vec![vec![0.0; slots]; world.vans.len()];
    let initial = |van: &crate::fleet::VanSpec| van.battery.map_or(0.0, |battery| battery.initial_kwh);
    let mut last: Vec<(f64, bool)> = world.vans.iter().map(|van| (initial(van), false)).collect();
    for row in log.van_rows() {
        let Some(id) = row.vehicle else { continue };
        let (before, plugged) = last[id.index()];
        if !plugged {
            let slot = ((row.time - world.day.0).0.max(0) / SLOT.0) as usize;
            used[id.index()][slot.min(slots - 1)] += before - row.energy_kwh;
        }
        let plugged = match row.event {
            Event::Plug => true,
            Event::Unplug => false,
            _ => plugged,
        };
        last[id.index()] = (row.energy_kwh, plugged);
    }
    used
}
