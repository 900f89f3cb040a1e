//! Random charging problems, with all that can degenerate.

use noriai::optimum::{Problem, Slot, Step, Store, Taper};
use noriai::rng::Rng;

/// Draws.
pub struct Draw(Rng);

impl Draw {
    pub fn new(seed: u64) -> Draw {
        Draw(Rng::new(seed, "optimum"))
    }

    /// A number between two.
    pub fn number(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.unit()
    }

    /// One of some.
    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[(self.0.unit() * of.len() as f64) as usize]
    }

    pub fn chance(&mut self, share: f64) -> bool {
        self.0.unit() < share
    }

    /// A site of up to 24 slots and six stores. Prices may be zero, negative or higher for selling; there may be more sun than can be
    /// used, no or boundless import, vehicles that cannot do anything, targets that leave no choice, tapers, a source, a
    /// floor of the peak. Most of them can do what is asked for.
    pub fn problem(&mut self) -> Problem {
        let slots = self.one(&[1, 2, 3, 8, 24, 24]);
        let slot_h = self.one(&[0.25, 0.5, 1.0]);
        let stores = self.one(&[0, 1, 1, 2, 4, 6]);
        let import_limit_kw = self.one(&[30.0, 30.0, 60.0, 200.0, 1e6, 0.0]);
        let export_limit_kw = self.one(&[1.0, 10.0, 50.0, 1e6]);
        let load_kw = if import_limit_kw == 0.0 { 0.0 } else { self.one(&[0.0, 3.0, 15.0]) };
        let free_kw = self.one(&[0.0, 5.0, 300.0]);
        let source_kw = self.one(&[0.0, 0.0, 8.0]);
        let prices = self.one(&[0, 1, 2, 2, 2, 3, 4]);
        let slot = |draw: &mut Draw| {
            let (buy, sell) = match prices {
                0 => (0.0, 0.0),
                1 => (25.0, 8.0),
                2 => (draw.number(10.0, 40.0), draw.number(0.0, 10.0)),
                3 => (draw.number(-10.0, 30.0), draw.number(-20.0, 5.0)),
                // Selling for more than buying.
                _ => (draw.number(5.0, 20.0), draw.number(0.0, 30.0)),
            };
            Slot {
                load_kw: if draw.chance(0.05) { -1.0 } else { draw.number(0.0, load_kw) },
                free_kw: draw.number(-free_kw, free_kw).max(0.0),
                buy,
                sell,
                import_limit_kw,
                export_limit_kw,
                source_kw,
                source_yen_per_kwh: draw.number(5.0, 30.0),
            }
        };
        let slots: Vec<Slot> = (0..slots).map(|_| slot(self)).collect();
        Problem {
            slot_h,
            stores: (0..stores).map(|_| self.store(slots.len(), slot_h)).collect(),
            slots,
            peak_yen_per_kw: self.one(&[0.0, 50.0, 1_500.0]),
            peak_floor_kw: self.one(&[0.0, 0.0, 10.0]),
        }
    }

    fn store(&mut self, slots: usize, slot_h: f64) -> Store {
        let high_kwh = self.one(&[20.0, 40.0, 60.0, 1e5]);
        let low_kwh = self.one(&[0.0, 0.1]) * high_kwh;
        let charge_kw = self.one(&[3.0, 6.0, 50.0, 0.0]);
        let discharge_kw = self.one(&[0.0, 6.0, 6.0, 1e3]);
        let charge_efficiency = self.one(&[0.95, 0.95, 0.8, 1.0]);
        let stays = self.chance(0.3);
        let tight = self.chance(0.15);
        let mut steps: Vec<Step> = Vec::new();
        let (mut plugged, mut take_kwh) = (true, 0.0);
        // What a vehicle that charges all it can has.
        let initial_kwh = self.number(low_kwh, high_kwh);
        let mut most_kwh = initial_kwh;
        for slot in 0..slots {
            if !stays && self.chance(0.2) {
                plugged = !plugged;
                if plugged && !steps.is_empty() {
                    take_kwh = self.number(0.0, 0.5) * (most_kwh - low_kwh);
                    most_kwh -= take_kwh;
                }
            }
            if !plugged {
                continue;
            }
            most_kwh = (most_kwh + slot_h * charge_efficiency * charge_kw).min(high_kwh);
            let mut step = Step { slot, take_kwh, charge_kw, discharge_kw, low_kwh, high_kwh };
            take_kwh = 0.0;
            if self.chance(0.1) {
                step.low_kwh = most_kwh * self.one(&[0.5, 0.9, 1.0]);
                step.low_kwh = step.low_kwh.max(low_kwh);
            }
            if tight && charge_kw > 0.0 && discharge_kw > 0.0 {
                step.high_kwh = step.low_kwh.max(most_kwh) + self.one(&[0.0, 1e-6, 1e-3]);
            }
            steps.push(step);
        }
        let taper = Taper { kw_per_kwh: charge_efficiency * charge_kw / (0.3 * high_kwh), top_kwh: 1.02 * high_kwh };
        Store {
            initial_kwh,
            charge_efficiency,
            discharge_efficiency: self.one(&[0.95, 0.95, 0.8, 1.0]),
            wear_yen_per_kwh: self.one(&[0.0, 3.0, 3.0]),
            taper: (charge_kw > 0.0 && self.chance(0.2)).then_some(taper),
            steps,
        }
    }
}
