//! The charging problem as a general linear program, for general solvers to solve.

use noriai::optimum::Problem;

/// Minimise cost x, with x and the rows A x between bounds.
#[derive(Default)]
pub struct Lp {
    pub cost: Vec<f64>,
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    pub row_low: Vec<f64>,
    pub row_high: Vec<f64>,
    /// Row, column, value.
    pub entries: Vec<(usize, usize, f64)>,
}

impl Lp {
    /// The program whose optimum is the least cost.
    pub fn cost(problem: &Problem) -> Lp {
        Lp::new(problem, false)
    }

    /// The program whose optimum is the least energy, in kWh, that has to come into stores from elsewhere, one of load weighing
    /// as much as ten.
    pub fn missing(problem: &Problem) -> Lp {
        Lp::new(problem, true)
    }

    fn new(problem: &Problem, missing: bool) -> Lp {
        let h = problem.slot_h;
        let mut lp = Lp::default();
        let priced = |yen: f64| if missing { 0.0 } else { yen };
        let peak = lp.column(priced(problem.peak_yen_per_kw), problem.peak_floor_kw, f64::INFINITY);
        let mut balance = Vec::new();
        for slot in &problem.slots {
            let row = lp.row(slot.load_kw, slot.load_kw);
            balance.push(row);
            let import = lp.column(priced(h * slot.buy), 0.0, slot.import_limit_kw);
            let export = lp.column(priced(-h * slot.sell), 0.0, slot.export_limit_kw);
            let free = lp.column(0.0, 0.0, slot.free_kw);
            let source = lp.column(priced(h * slot.source_yen_per_kwh), 0.0, slot.source_kw);
            lp.entries.extend([(row, import, 1.0), (row, export, -1.0), (row, free, 1.0), (row, source, 1.0)]);
            if problem.peak_yen_per_kw > 0.0 && !missing {
                let row = lp.row(f64::NEG_INFINITY, 0.0);
                lp.entries.extend([(row, import, 1.0), (row, peak, -1.0)]);
            }
            if missing {
                let unserved = lp.column(10.0 * h, 0.0, f64::INFINITY);
                lp.entries.push((row, unserved, 1.0));
            }
        }
        for store in &problem.stores {
            let mut before = None;
            for step in &store.steps {
                let initial_kwh = if before.is_none() { store.initial_kwh } else { 0.0 };
                let row = lp.row(step.take_kwh - initial_kwh, step.take_kwh - initial_kwh);
                let charge = lp.column(0.0, 0.0, step.charge_kw);
                let discharge = lp.column(priced(h * store.wear_yen_per_kwh), 0.0, step.discharge_kw);
                let energy = lp.column(0.0, step.low_kwh, step.high_kwh);
                lp.entries.extend([
                    (row, charge, h * store.charge_efficiency),
                    (row, discharge, -h / store.discharge_efficiency),
                    (row, energy, -1.0),
                    (balance[step.slot], charge, -1.0),
                    (balance[step.slot], discharge, 1.0),
                ]);
                if let Some(before) = before {
                    lp.entries.push((row, before, 1.0));
                }
                before = Some(energy);
                if missing {
                    let phantom = lp.column(1.0, 0.0, f64::INFINITY);
                    lp.entries.push((row, phantom, 1.0));
                }
                if let Some(taper) = store.taper {
                    let row = lp.row(f64::NEG_INFINITY, taper.kw_per_kwh * taper.top_kwh);
                    lp.entries.extend([(row, charge, store.charge_efficiency), (row, energy, taper.kw_per_kwh)]);
                }
            }
        }
        lp
    }

    fn column(&mut self, cost: f64, low: f64, high: f64) -> usize {
        self.cost.push(cost);
        self.low.push(low);
        self.high.push(high);
        self.cost.len() - 1
    }

    fn row(&mut self, low: f64, high: f64) -> usize {
        self.row_low.push(low);
        self.row_high.push(high);
        self.row_low.len() - 1
    }
}
