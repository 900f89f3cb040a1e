//! The interior-point method: its start, its loop, and when it ends.
//!
//! Mehrotra (1992) predicts a step towards the solution itself, and corrects it by what the prediction says about second order
//! and centring. (Centrality correctors, Gondzio 1996, save a quarter of the iterations here and cost more than that.)
//!
//! It starts where the multipliers are feasible already, which is easy as all variables are bounded: some price of energy is
//! chosen, and each variable put where the central path has it at the reduced cost that follows. The multipliers stay
//! feasible to the end, so only the residuals of the balances and of the dynamics have to be brought down beside the gap.

use super::bounds::{Aim, Bound, NARROWEST, Reach, Slack};
use super::certificate;
use super::grid::Grid;
use super::lanes::{LANES, Lanes, Number};
use super::polish::polish;
use super::store::{Advance, Cell, Extra, Fixed, Group, Part, Totals, Work};
use super::{Certificate, Multipliers, Problem, Schedule, Slot, Solution, Step, Store, TOLERANCE};

/// More iterations than any feasible problem has been seen to need, several times over.
const MOST_ITERATIONS: u32 = 120;
/// Share of the way to the boundary that a step may go.
const TO_BOUNDARY: f64 = 0.9995;
/// Shortest step that is progress.
const SHORTEST: f64 = 1e-7;
/// Largest residual of a balance or of stored energy, kW or kWh. What is left of it goes when the schedule is made exact.
const RESIDUAL: f64 = 1e-6;
/// Where on the central path to begin, and where to try again if that is of no use, in prices x powers.
const CENTERS: [f64; 2] = [3.0, 300.0];
/// A sum of products at which numbers have lost their digits.
const HOPELESS: f64 = 1e15;
/// Iterations between looks for the proof that nothing is feasible.
const LOOK_EVERY: u32 = 8;

/// What one kWh of load is worth in kWh of stores, where not everything can be had: the load comes first.
pub(super) const LOAD_FIRST: f64 = 10.0;

/// What is minimised.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Goal {
    /// The cost.
    Cost,
    /// The cost, where energy may also come from nowhere at a price in yen per kWh: this for stores, and [`LOAD_FIRST`] times this
    /// for load.
    Elastic(f64),
}

/// The last iterate.
#[derive(Clone)]
pub(super) struct Iterate {
    pub schedule: Schedule,
    pub multipliers: Multipliers,
    /// By store and step.
    pub phantom_kwh: Vec<Vec<f64>>,
    /// By slot.
    pub unserved_kw: Vec<f64>,
    pub iterations: u32,
}

impl Iterate {
    /// Makes the schedule exact, and judges it.
    pub fn into_solution(self, problem: &Problem, near: &Problem) -> Solution {
        let Iterate { schedule, mut multipliers, iterations, .. } = self;
        certificate::tidy(problem, near, &mut multipliers);
        let schedule = polish(problem, &schedule, &multipliers);
        let certificate = Certificate::new(problem, near, &schedule, &multipliers);
        Solution { schedule, multipliers, certificate, iterations }
    }
}

/// How the method ends.
pub(super) enum End {
    /// At an optimum.
    Optimal(Box<Iterate>),
    /// With the proof that nothing is feasible.
    Infeasible,
    /// Without either.
    Stuck,
}

/// The optimum, proven; nothing if the method does not get there, as where no point is feasible.
pub(super) fn solve(problem: &Problem, near: &Problem) -> Option<Solution> {
    for center in CENTERS {
        match run_from(near, Goal::Cost, center) {
            End::Optimal(iterate) => {
                let solution = iterate.into_solution(problem, near);
                if solution.certificate.is_proof() {
                    return Some(solution);
                }
            }
            End::Infeasible => return None,
            End::Stuck => {}
        }
    }
    None
}

/// Runs the method.
pub(super) fn run(problem: &Problem, goal: Goal) -> End {
    for center in CENTERS {
        match run_from(problem, goal, center) {
            End::Stuck => {}
            end => return end,
        }
    }
    End::Stuck
}

fn run_from(problem: &Problem, goal: Goal, center: f64) -> End {
    let mut interior = Interior::new(problem, goal, center);
    let count = interior.count();
    for iteration in 0..MOST_ITERATIONS {
        interior.begin();
        let Totals { gap, residual, cost, .. } = interior.totals;
        let target = TOLERANCE * cost.abs().max(1.0);
        if gap <= target {
            if residual <= RESIDUAL {
                return End::Optimal(Box::new(interior.write(iteration)));
            }
            if interior.restore() {
                continue;
            }
        }
        if iteration % LOOK_EVERY == LOOK_EVERY - 1 && goal == Goal::Cost && residual > RESIDUAL {
            let Iterate { schedule, multipliers, .. } = interior.write(iteration);
            if certificate::proves_infeasible(problem, &schedule, &multipliers) {
                return End::Infeasible;
            }
        }
        if !(gap < HOPELESS && interior.step(count, 0.3 * target / count as f64)) {
            let near = gap <= 10.0 * target && residual <= 10.0 * RESIDUAL;
            return if near { End::Optimal(Box::new(interior.write(iteration))) } else { End::Stuck };
        }
    }
    End::Stuck
}

/// The iterates for one problem; arrays of all steps of all groups, one group after the other.
struct Interior<'a> {
    problem: &'a Problem,
    goal: Goal,
    groups: Vec<Group>,
    /// Group and lane of each store.
    places: Vec<(usize, usize)>,
    cells: Vec<Cell>,
    /// Empty if no store has a taper, unless looking for what is missing.
    extras: Vec<Extra>,
    fixed: Vec<Fixed>,
    works: Vec<Work>,
    grid: Grid,
    last: Advance,
    totals: Totals,
}

/// Calls a pass of the groups, one after the other, made for what they have.
macro_rules! each_group {
    ($interior:ident, $pass:ident($($argument:expr),*)) => {
        for group in &$interior.groups {
            let range = group.begin..group.end;
            let has_extras = !$interior.extras.is_empty();
            let part = &mut Part {
                cells: &mut $interior.cells[range.clone()],
                extras: if has_extras { &mut $interior.extras[range.clone()] } else { &mut [] },
                fixed: &$interior.fixed[range],
                works: &mut $interior.works,
            };
            match (group.gives, has_extras) {
                (true, false) => group.$pass::<true, false>(part $(, $argument)*),
                (false, false) => group.$pass::<false, false>(part $(, $argument)*),
                (true, true) => group.$pass::<true, true>(part $(, $argument)*),
                (false, true) => group.$pass::<false, true>(part $(, $argument)*),
            }
        }
    };
}

impl<'a> Interior<'a> {
    fn new(problem: &'a Problem, goal: Goal, center: f64) -> Interior<'a> {
        let start = Start::new(problem, center);
        let grid = Grid::new(problem, goal, &start.prices, start.mu);
        let has_extras = goal != Goal::Cost || problem.stores.iter().any(|store| store.taper.is_some());

        // Stores with as many steps, and with the same abilities, go together.
        let gives = |store: &Store| store.steps.iter().any(|step| step.discharge_kw > 0.0);
        let mut order: Vec<usize> = (0..problem.stores.len()).collect();
        order.sort_by_key(|&v| (gives(&problem.stores[v]), problem.stores[v].steps.len()));
        let mut interior = Interior {
            groups: Vec::new(),
            places: vec![(0, 0); order.len()],
            cells: Vec::new(),
            extras: Vec::new(),
            fixed: Vec::new(),
            works: Vec::new(),
            grid,
            last: Advance::default(),
            totals: Totals::default(),
            problem,
            goal,
        };
        for members in order.chunks(LANES) {
            let length = members.iter().map(|&v| problem.stores[v].steps.len()).max().unwrap_or(0);
            let begin = interior.cells.len();
            let mut group = Group { begin, end: begin + length, first: [length; LANES], ..Group::default() };
            interior.cells.resize(group.end, Cell::default());
            interior.fixed.resize(group.end, Fixed::default());
            interior.extras.resize(if has_extras { group.end } else { 0 }, Extra::default());
            for lane in 0..LANES {
                let store = members.get(lane).map(|&v| &problem.stores[v]);
                if let Some(&v) = members.get(lane) {
                    interior.places[v] = (interior.groups.len(), lane);
                }
                interior.place(&mut group, lane, store.unwrap_or(&NOBODY), &start);
            }
            interior.groups.push(group);
        }
        let longest = interior.groups.iter().map(|group| group.end - group.begin).max().unwrap_or(0);
        interior.works = vec![Work::default(); longest];
        interior
    }

    /// Puts a store into a lane of a group.
    fn place(&mut self, group: &mut Group, lane: usize, store: &Store, start: &Start) {
        let h = self.problem.slot_h;
        let (alpha, beta) = (h * store.charge_efficiency, h / store.discharge_efficiency);
        let (eta, wear) = (store.charge_efficiency, h * store.wear_yen_per_kwh);
        let first = group.end - group.begin - store.steps.len();
        group.alpha.0[lane] = alpha;
        group.beta.0[lane] = beta;
        group.eta.0[lane] = if store.taper.is_some() { eta } else { 0.0 };
        group.kw_per_kwh.0[lane] = store.taper.map_or(0.0, |taper| taper.kw_per_kwh);
        group.initial_kwh.0[lane] = store.initial_kwh;
        group.wear.0[lane] = wear;
        group.phantom_cost = Lanes::of(if let Goal::Elastic(yen) = self.goal { yen } else { 0.0 });
        group.first[lane] = first;
        group.gives |= store.steps.iter().any(|step| step.discharge_kw > 0.0);

        let slots = self.problem.slots.len();
        let nothing = Step {
            slot: slots,
            low_kwh: store.initial_kwh - NARROWEST / 2.0,
            high_kwh: store.initial_kwh + NARROWEST / 2.0,
            ..Step::default()
        };
        let mu = start.mu;
        let value = start.value_price / alpha;
        let steps = std::iter::repeat_n(nothing, first).chain(store.steps.iter().copied());
        for (i, step) in (group.begin..group.end).zip(steps) {
            let price = start.prices.get(step.slot).copied().unwrap_or(0.0);
            let next = if i + 1 == group.end { 0.0 } else { value };
            let (mut charge_cost, mut energy_cost, mut multiplier) = (price - alpha * value, value - next, mu);
            if let Some(taper) = store.taper {
                let full_kw = eta * step.charge_kw;
                let middle_kwh = (step.high_kwh + step.low_kwh) / 2.0;
                let room = taper.kw_per_kwh * (taper.top_kwh - middle_kwh) - full_kw / 2.0;
                multiplier = mu / room.max(0.1 * full_kw).max(1e-2);
                charge_cost += eta * multiplier;
                energy_cost += taper.kw_per_kwh * multiplier;
            }
            let charge = Bound::new(step.charge_kw, charge_cost, mu);
            let discharge = Bound::new(step.discharge_kw, wear - price + beta * value, mu);
            let energy = Bound::new(step.high_kwh - step.low_kwh, energy_cost, mu);
            let energy_kwh = step.low_kwh + energy.distance[0];
            let cell = &mut self.cells[i];
            cell.charge.set(lane, &charge);
            cell.discharge.set(lane, &discharge);
            cell.energy.set(lane, &energy);
            cell.value.0[lane] = value;
            let fixed = &mut self.fixed[i];
            fixed.slots[lane] = step.slot as u32;
            fixed.low_kwh.0[lane] = step.low_kwh;
            fixed.take_kwh.0[lane] = step.take_kwh;
            if let Some(extra) = self.extras.get_mut(i) {
                // A store without a taper has the constraint 0 ≤ 1 instead.
                let room = store
                    .taper
                    .map_or(1.0, |taper| taper.kw_per_kwh * (taper.top_kwh - energy_kwh) - eta * charge.distance[0]);
                extra.taper.get_or_insert_default().set(lane, &Slack::new(room, multiplier, mu));
                if self.goal != Goal::Cost {
                    let most_kwh = 2.0 * step.high_kwh.abs()
                        + step.low_kwh.abs()
                        + step.take_kwh.abs()
                        + store.initial_kwh.abs()
                        + 1.0;
                    extra
                        .phantom
                        .get_or_insert_default()
                        .set(lane, &Bound::new(most_kwh, group.phantom_cost.0[lane] - value, mu));
                }
            }
        }
    }

    /// How many products of distance and multiplier there are.
    fn count(&self) -> usize {
        let of_group = |group: &Group| {
            let extras = match self.goal {
                _ if self.extras.is_empty() => 0,
                Goal::Cost => 1,
                Goal::Elastic(_) => 3,
            };
            (group.end - group.begin) * LANES * (4 + extras + if group.gives { 2 } else { 0 })
        };
        self.grid.count() + self.groups.iter().map(of_group).sum::<usize>()
    }

    /// Ends the last iteration, and begins the next.
    fn begin(&mut self) {
        let slots = self.problem.slots.len() + 1;
        self.grid.advance(self.last.primal, self.last.dual);
        let mut totals = Totals {
            gap: self.grid.gap(),
            cost: self.grid.cost(),
            residual: self.grid.residual(),
            given: vec![0.0; slots],
            net: vec![0.0; slots],
        };
        // One more slot, in which the price stays 0, for steps that are none.
        let prices: Vec<f64> = self.grid.prices.iter().copied().chain([0.0]).collect();
        let mut matrix = self.grid.matrix();
        each_group!(self, begin(&self.last, &prices, &mut totals, &mut matrix));
        totals.given.pop();
        totals.net.pop();
        self.grid.add_balance(&mut totals.given);
        totals.residual = totals.given.iter().fold(totals.residual, |most, kw| most.max(kw.abs()));
        self.totals = totals;
    }

    /// The Newton step of one iteration; `false` if there is no progress. Aims no closer to the boundary than `least`, where
    /// numbers lose their digits.
    fn step(&mut self, count: usize, least: f64) -> bool {
        if !self.grid.factor() {
            return false;
        }
        let slots = self.problem.slots.len() + 1;
        let Totals { gap, given: imbalance, net, .. } = &self.totals;
        let step = self.grid.solve(Aim::Zero, net, imbalance);
        let mut reach = Reach::new();
        let mut nets = [vec![0.0; slots], vec![0.0; slots]];
        self.grid.predict(&step, &mut reach);
        each_group!(self, predict(&step.prices, &mut reach, &mut nets));
        let left = (reach.gap_after(*gap) / gap).clamp(0.0, 1.0);
        let mu = (left * left * left * gap / count as f64).max(least);

        let [second_order, unit] = nets;
        let sum = |(net, (second, unit)): (&f64, (&f64, &f64))| net + second + mu * unit;
        let net: Vec<f64> = net.iter().zip(second_order.iter().zip(&unit)).map(sum).collect();
        let step = self.grid.solve(Aim::Center(mu), &net, imbalance);
        let mut reach = Reach::new();
        self.grid.correct(&step, &mut reach);
        each_group!(self, correct(Aim::Center(mu), &step.prices, &mut reach));
        let (primal, dual) = reach.lengths(TO_BOUNDARY);
        self.last = Advance { primal, dual };
        primal.min(dual) > SHORTEST
    }

    /// A step of the variables alone, by as little as balances slots and dynamics. Where a variable is far from its bounds its price
    /// is nearly 0, and rounding of the prices it is the difference of would let it swing; here no prices are involved but
    /// their changes.
    fn restore(&mut self) -> bool {
        if !self.grid.factor() {
            return false;
        }
        let mut net = vec![0.0; self.problem.slots.len() + 1];
        each_group!(self, ask_to_restore(&mut net));
        let step = self.grid.solve(Aim::Hold, &net, &self.totals.given);
        let mut reach = Reach::new();
        self.grid.correct(&step, &mut reach);
        each_group!(self, correct(Aim::Hold, &step.prices, &mut reach));
        let primal = reach.lengths(TO_BOUNDARY).0;
        self.last = Advance { primal, dual: 0.0 };
        primal > SHORTEST
    }

    fn write(&self, iterations: u32) -> Iterate {
        let split = |value: &dyn Fn(&Group, usize, usize) -> f64| -> Vec<Vec<f64>> {
            let of_store = |&(group, lane): &(usize, usize)| {
                let group = &self.groups[group];
                (group.begin + group.first[lane]..group.end).map(|i| value(group, i, lane)).collect()
            };
            self.places.iter().map(of_store).collect()
        };
        let discharge = |group: &Group, i: usize, lane: usize| {
            if group.gives { self.cells[i].discharge.distance[0].0[lane] } else { 0.0 }
        };
        let mut schedule = Schedule {
            charge_kw: split(&|_, i, lane| self.cells[i].charge.distance[0].0[lane]),
            discharge_kw: split(&discharge),
            energy_kwh: split(&|_, i, lane| self.fixed[i].low_kwh.0[lane] + self.cells[i].energy.distance[0].0[lane]),
            ..Schedule::default()
        };
        let taper = |_: &Group, i: usize, lane: usize| {
            self.extras.get(i).and_then(|extra| extra.taper).map_or(0.0, |taper| taper.multiplier.0[lane])
        };
        let mut multipliers = Multipliers {
            energy: split(&|_, i, lane| self.cells[i].value.0[lane]),
            taper: split(&taper),
            ..Multipliers::default()
        };
        for (taper, store) in multipliers.taper.iter_mut().zip(&self.problem.stores) {
            if store.taper.is_none() {
                taper.clear();
            }
        }
        self.grid.write(&mut schedule, &mut multipliers);
        let phantom = |_: &Group, i: usize, lane: usize| {
            self.extras.get(i).and_then(|extra| extra.phantom).map_or(0.0, |phantom| phantom.distance[0].0[lane])
        };
        Iterate {
            schedule,
            multipliers,
            phantom_kwh: split(&phantom),
            unserved_kw: self.grid.unserved_kw(),
            iterations,
        }
    }
}

/// A lane without a store.
const NOBODY: Store = Store {
    initial_kwh: 0.0,
    charge_efficiency: 1.0,
    discharge_efficiency: 1.0,
    wear_yen_per_kwh: 0.0,
    taper: None,
    steps: Vec::new(),
};

/// Where the method begins.
struct Start {
    /// Prices of energy by slot, yen for a kW over the slot.
    prices: Vec<f64>,
    /// The price that stored energy is worth.
    value_price: f64,
    /// The centre.
    mu: f64,
}

impl Start {
    fn new(problem: &Problem, center: f64) -> Start {
        let h = problem.slot_h;
        let prices: Vec<f64> = problem.slots.iter().map(|slot| h * (slot.buy + slot.sell) / 2.0).collect();
        let slots = problem.slots.iter().map(|slot| slot.buy.abs().max(slot.sell.abs()));
        let dearest = slots.fold(problem.peak_yen_per_kw / problem.slots.len().max(1) as f64, f64::max);
        let dearest = if dearest > 0.0 { h * dearest } else { h };
        let mut sorted = prices.clone();
        sorted.sort_by(f64::total_cmp);
        let value_price = sorted.get(sorted.len() * 7 / 10).copied().unwrap_or(0.0);
        let of_step = |step: &Step| step.charge_kw.min((step.high_kwh - step.low_kwh) / h);
        let of_slot = |slot: &Slot| [slot.import_limit_kw, slot.export_limit_kw, slot.free_kw, slot.source_kw];
        let steps = problem.stores.iter().flat_map(|store| &store.steps).map(of_step);
        let widths = || steps.clone().chain(problem.slots.iter().flat_map(of_slot)).filter(|&kw| kw > 0.0);
        let kw = widths().sum::<f64>() / widths().count().max(1) as f64;
        let mu = 0.3 * center * dearest * kw.max(0.1);
        Start { prices, value_price, mu }
    }
}
