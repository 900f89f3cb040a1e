//! Which van makes which trip: each van one, each rider at most one, at least cost. A set partitioning problem.
//!
//! The constraint that a rider travels once is put into the objective with a price (Lagrangian relaxation: Held and Karp 1971,
//! Fisher 1981); then every van chooses for itself, and what they pay is a lower bound for any assignment. Prices are improved
//! by subgradient steps with Polyak's length. On the way, prices guide greedy assignments, and each better one is improved
//! by exchanges. Trips whose reduced cost exceeds the gap cannot be part of a better assignment and are dropped; where
//! few are left, branch and bound closes the gap. An assignment is known from the start, so that it can end at any time.

use super::trips::{Set, members};

/// Not serving a rider promised a ride costs as much as this much driving, in milliseconds: a thousand days.
pub(super) const PROMISE: f64 = 8.64e10;

/// The price of a rider of whom nothing else is known, at most: a quarter of an hour of driving.
const FIRST_PRICE: f64 = 9e5;

/// Subgradient steps, at most.
const STEPS: u32 = 200;

/// Choices tried by branch and bound, at most.
const MOST_CHOICES: u32 = 5_000;

/// What a van can choose from.
pub(super) struct Choices {
    /// The riders that it looks at.
    pub(super) riders: Vec<u32>,
    /// Its trips, in rising order.
    pub(super) sets: Vec<Set>,
    /// What each costs.
    pub(super) costs: Vec<f64>,
}

impl Choices {
    /// The riders of a trip.
    fn riders(&self, choice: usize) -> impl Iterator<Item = usize> {
        members(self.sets[choice]).map(|member| self.riders[member] as usize)
    }

    fn find(&self, set: Set) -> Option<usize> {
        self.sets.binary_search(&set).ok()
    }
}

/// An assignment problem.
pub(super) struct Problem {
    pub(super) vans: Vec<Choices>,
    /// What not serving a rider costs.
    pub(super) penalty: Vec<f64>,
}

/// An assignment and what is known about the best.
#[derive(Clone)]
pub(super) struct Assignment {
    /// The choice of each van.
    pub(super) chosen: Vec<usize>,
    /// What it costs, with the penalties.
    pub(super) value: f64,
    /// No assignment costs less.
    pub(super) bound: f64,
}

/// Assigns trips, beginning with an assignment in which no rider travels twice.
pub(super) fn solve(problem: &Problem, start: Vec<usize>) -> Assignment {
    let mut solver = Solver::new(problem, start);
    solver.improve();
    solver.descend();
    solver.branch();
    Assignment { value: solver.value, bound: solver.bound.min(solver.value), chosen: solver.chosen }
}

const NOBODY: u32 = u32::MAX;

struct Solver<'p> {
    problem: &'p Problem,
    /// The best assignment.
    chosen: Vec<usize>,
    value: f64,
    bound: f64,
    /// By rider: the best price so far.
    prices: Vec<f64>,
    /// By rider: the van that serves, in the assignment that is being worked on.
    server: Vec<u32>,
    /// By rider: the vans that look at the rider, and as which member of their sets.
    lookers: Vec<Vec<(u32, Set)>>,
}

impl<'p> Solver<'p> {
    fn new(problem: &'p Problem, chosen: Vec<usize>) -> Solver<'p> {
        let riders = problem.penalty.len();
        let mut lookers = vec![Vec::new(); riders];
        for (van, choices) in problem.vans.iter().enumerate() {
            for (position, &rider) in choices.riders.iter().enumerate() {
                lookers[rider as usize].push((van as u32, 1 << position));
            }
        }
        let mut solver = Solver {
            problem,
            lookers,
            chosen,
            value: 0.0,
            bound: f64::NEG_INFINITY,
            prices: vec![0.0; riders],
            server: vec![NOBODY; riders],
        };
        solver.serve();
        solver.value = solver.cost();
        solver
    }

    /// Notes who serves whom.
    fn serve(&mut self) {
        self.server.fill(NOBODY);
        for (van, (choices, &choice)) in self.problem.vans.iter().zip(&self.chosen).enumerate() {
            for rider in choices.riders(choice) {
                self.server[rider] = van as u32;
            }
        }
    }

    fn cost(&self) -> f64 {
        let trips: f64 = self.problem.vans.iter().zip(&self.chosen).map(|(van, &choice)| van.costs[choice]).sum();
        let left = self.server.iter().zip(&self.problem.penalty).filter(|(server, _)| **server == NOBODY);
        trips + left.map(|(_, penalty)| penalty).sum::<f64>()
    }

    /// A change of one van's trip, with what follows for others, as long as any of them pays.
    fn improve(&mut self) {
        let mut improved = true;
        let mut rounds = 0;
        while improved && rounds < 10 {
            improved = false;
            rounds += 1;
            for van in 0..self.problem.vans.len() {
                let least = self.least(van);
                for choice in 0..self.problem.vans[van].sets.len() {
                    if choice != self.chosen[van]
                        && self.reduced(van, choice) - least < self.value - self.bound
                        && self.exchange(van, choice)
                    {
                        improved = true;
                    }
                }
            }
        }
    }

    fn reduced(&self, van: usize, choice: usize) -> f64 {
        let van = &self.problem.vans[van];
        van.costs[choice] - van.riders(choice).map(|rider| self.prices[rider]).sum::<f64>()
    }

    fn least(&self, van: usize) -> f64 {
        (0..self.problem.vans[van].sets.len()).map(|choice| self.reduced(van, choice)).fold(f64::INFINITY, f64::min)
    }

    /// Gives a van another trip: takes its riders from their vans, finds a place for those whom it leaves, and keeps it all
    /// if that costs less.
    fn exchange(&mut self, van: usize, choice: usize) -> bool {
        let problem = self.problem;
        let vans = &problem.vans;
        let (before, after) = (self.chosen[van], choice);
        let (old, new) = (vans[van].sets[before], vans[van].sets[after]);
        let mut undo = vec![(van, before)];
        let mut delta = vans[van].costs[after] - vans[van].costs[before];
        self.chosen[van] = after;
        let mut possible = true;
        for member in members(new & !old) {
            let rider = vans[van].riders[member] as usize;
            let server = self.server[rider];
            if server == NOBODY {
                delta -= problem.penalty[rider];
                continue;
            }
            let other = server as usize;
            let (_, bit) = self.lookers[rider].iter().find(|(van, _)| *van == server).expect("it serves the rider");
            let rest = vans[other].sets[self.chosen[other]] & !bit;
            let Some(choice) = vans[other].find(rest) else {
                possible = false;
                break;
            };
            undo.push((other, self.chosen[other]));
            delta += vans[other].costs[choice] - vans[other].costs[self.chosen[other]];
            self.chosen[other] = choice;
        }
        if possible {
            for member in members(old & !new) {
                let rider = vans[van].riders[member] as usize;
                let mut best = (problem.penalty[rider], None);
                for &(other, bit) in &self.lookers[rider] {
                    let other = other as usize;
                    let choices = &vans[other];
                    if other != van
                        && let Some(choice) = choices.find(choices.sets[self.chosen[other]] | bit)
                    {
                        let extra = choices.costs[choice] - choices.costs[self.chosen[other]];
                        if extra < best.0 {
                            best = (extra, Some((other, choice)));
                        }
                    }
                }
                delta += best.0;
                if let Some((other, choice)) = best.1 {
                    undo.push((other, self.chosen[other]));
                    self.chosen[other] = choice;
                }
            }
        }
        if possible && delta < -0.5 {
            self.serve();
            self.value = self.cost();
            return true;
        }
        for (van, choice) in undo.into_iter().rev() {
            self.chosen[van] = choice;
        }
        false
    }

    /// Raises the bound by subgradient steps, and looks for better assignments at the prices met.
    fn descend(&mut self) {
        let problem = self.problem;
        let riders = problem.penalty.len();
        // A rider's first price: what leaving the rider out saves, or what the cheapest van for one left out asks for.
        let mut prices: Vec<f64> = problem.penalty.iter().map(|penalty| penalty.min(FIRST_PRICE)).collect();
        for (van, choices) in problem.vans.iter().enumerate() {
            let chosen = self.chosen[van];
            for (position, &rider) in choices.riders.iter().enumerate() {
                let rider = rider as usize;
                if self.server[rider] != van as u32 && self.server[rider] != NOBODY {
                    continue;
                }
                if let Some(other) = choices.find(choices.sets[chosen] ^ (1 << position)) {
                    let more = choices.costs[other] - choices.costs[chosen];
                    let marginal = if self.server[rider] == NOBODY { more } else { -more };
                    prices[rider] = prices[rider].min(marginal.max(0.0));
                }
            }
        }
        let mut scale = 1.0;
        let mut since_better = 0;
        let mut served = vec![0i32; riders];
        let mut picks = vec![0; problem.vans.len()];
        for step in 0..STEPS {
            served.fill(0);
            let mut bound: f64 = prices.iter().sum();
            for (van, choices) in problem.vans.iter().enumerate() {
                let mut best = (f64::INFINITY, 0);
                for (choice, cost) in choices.costs.iter().enumerate() {
                    let reduced = cost - choices.riders(choice).map(|rider| prices[rider]).sum::<f64>();
                    if reduced < best.0 {
                        best = (reduced, choice);
                    }
                }
                bound += best.0;
                picks[van] = best.1;
                choices.riders(best.1).for_each(|rider| served[rider] += 1);
            }
            if bound > self.bound + 1e-6 {
                self.bound = bound;
                self.prices.clone_from(&prices);
                since_better = 0;
            } else {
                since_better += 1;
                if since_better >= 8 {
                    scale *= 0.5;
                    since_better = 0;
                }
            }
            if step % 20 == 19 {
                self.round(&prices);
            }
            if self.value - self.bound < 1.0 || scale < 1e-3 {
                break;
            }
            // At the ends of their range, prices cannot go further.
            let direction = |rider: usize| match 1 - served[rider] {
                up if up > 0 && prices[rider] >= problem.penalty[rider] => 0.0,
                down if down < 0 && prices[rider] <= 0.0 => 0.0,
                direction => f64::from(direction),
            };
            let length: f64 = (0..riders).map(|rider| direction(rider) * direction(rider)).sum();
            if length == 0.0 {
                break;
            }
            let step = scale * (self.value - bound) / length;
            let directions: Vec<f64> = (0..riders).map(direction).collect();
            for (rider, direction) in directions.into_iter().enumerate() {
                prices[rider] = (prices[rider] + step * direction).clamp(0.0, problem.penalty[rider]);
            }
        }
    }

    /// An assignment at given prices: the vans with the best trips choose first, among trips whose riders are all free.
    fn round(&mut self, prices: &[f64]) {
        let problem = self.problem;
        let mut offers: Vec<(f64, u32, u32)> = Vec::new();
        for (van, choices) in problem.vans.iter().enumerate() {
            for (choice, cost) in choices.costs.iter().enumerate() {
                let reduced = cost - choices.riders(choice).map(|rider| prices[rider]).sum::<f64>();
                offers.push((reduced, van as u32, choice as u32));
            }
        }
        offers.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let best = (self.chosen.clone(), self.value);
        let mut open = vec![true; problem.vans.len()];
        self.server.fill(NOBODY);
        for (_, van, choice) in offers {
            let choices = &problem.vans[van as usize];
            if open[van as usize] && choices.riders(choice as usize).all(|rider| self.server[rider] == NOBODY) {
                open[van as usize] = false;
                self.chosen[van as usize] = choice as usize;
                choices.riders(choice as usize).for_each(|rider| self.server[rider] = van);
            }
        }
        self.value = if open.contains(&true) { f64::INFINITY } else { self.cost() };
        if self.value < f64::INFINITY {
            self.improve();
        }
        if self.value >= best.1 {
            (self.chosen, self.value) = best;
            self.serve();
        }
    }

    /// Closes the gap, if few choices are left: depth first, by the reduced costs at the best prices.
    fn branch(&mut self) {
        let gap = self.value - self.bound;
        if gap < 1.0 {
            return;
        }
        let problem = self.problem;
        // By van: the choices that can be part of a better assignment, by what they cost more than the van's least.
        let mut left: Vec<(usize, Vec<(f64, usize)>)> = Vec::new();
        for (van, choices) in problem.vans.iter().enumerate() {
            let least = self.least(van);
            let mut choices: Vec<(f64, usize)> = (0..choices.sets.len())
                .map(|choice| (self.reduced(van, choice) - least, choice))
                .filter(|(more, _)| *more < gap)
                .collect();
            choices.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            left.push((van, choices));
        }
        left.sort_by_key(|(van, choices)| (choices.len(), *van));
        let mut tree = Tree {
            problem,
            prices: &self.prices,
            left: &left,
            chosen: vec![0; problem.vans.len()],
            served: vec![false; problem.penalty.len()],
            tried: 0,
            best: None,
            gap,
        };
        tree.choose(0, 0.0);
        let ended = tree.tried <= MOST_CHOICES;
        if let Some(chosen) = tree.best {
            self.chosen = chosen;
            self.serve();
            self.value = self.cost();
        }
        if ended {
            self.bound = self.bound.max(self.value - 0.5);
        }
    }
}

struct Tree<'t> {
    problem: &'t Problem,
    prices: &'t [f64],
    left: &'t [(usize, Vec<(f64, usize)>)],
    chosen: Vec<usize>,
    served: Vec<bool>,
    tried: u32,
    best: Option<Vec<usize>>,
    /// By how much more than the bound an assignment may cost to be better than the best known.
    gap: f64,
}

impl Tree<'_> {
    /// Chooses for the vans from `depth` on; those before cost `more` than the bound.
    fn choose(&mut self, depth: usize, more: f64) {
        let left = self.left;
        let Some((van, choices)) = left.get(depth) else {
            let unserved = self.served.iter().zip(&self.problem.penalty).zip(self.prices);
            let more = more
                + unserved
                    .filter(|((served, _), _)| !**served)
                    .map(|((_, penalty), price)| penalty - price)
                    .sum::<f64>();
            if more < self.gap - 0.5 {
                self.gap = more;
                self.best = Some(self.chosen.clone());
            }
            return;
        };
        for &(extra, choice) in choices {
            if more + extra >= self.gap {
                return;
            }
            self.tried += 1;
            if self.tried > MOST_CHOICES {
                return;
            }
            let trip = &self.problem.vans[*van];
            if trip.riders(choice).any(|rider| self.served[rider]) {
                continue;
            }
            trip.riders(choice).for_each(|rider| self.served[rider] = true);
            self.chosen[*van] = choice;
            self.choose(depth + 1, more + extra);
            trip.riders(choice).for_each(|rider| self.served[rider] = false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    /// A few vans whose trips are closed under leaving riders out, as real ones are.
    fn problem(rng: &mut Rng) -> Problem {
        let riders = 1 + (rng.unit() * 6.0) as usize;
        let vans = (0..1 + (rng.unit() * 4.0) as usize).map(|_| {
            let looked_at: Vec<u32> = (0..riders as u32).filter(|_| rng.unit() < 0.7).collect();
            let mut sets: Vec<Set> = vec![0];
            for set in 1..1 << looked_at.len() {
                if members(set).all(|member| sets.contains(&(set & !(1 << member)))) && rng.unit() < 0.6 {
                    sets.push(set);
                }
            }
            let costs = sets.iter().map(|set| f64::from(set.count_ones()) * 50.0 + (rng.unit() * 400.0).round());
            Choices { riders: looked_at, costs: costs.collect(), sets }
        });
        let vans = vans.collect();
        Problem { vans, penalty: (0..riders).map(|_| if rng.unit() < 0.5 { 1e4 } else { 300.0 }).collect() }
    }

    /// The least cost, by trying all choices.
    fn brute_force(problem: &Problem, van: usize, served: &mut Vec<bool>) -> f64 {
        let Some(choices) = problem.vans.get(van) else {
            return served
                .iter()
                .zip(&problem.penalty)
                .filter(|(served, _)| !**served)
                .map(|(_, penalty)| penalty)
                .sum();
        };
        let mut least = f64::INFINITY;
        for choice in 0..choices.sets.len() {
            let riders: Vec<usize> = choices.riders(choice).collect();
            if riders.iter().any(|&rider| served[rider]) {
                continue;
            }
            riders.iter().for_each(|&rider| served[rider] = true);
            least = least.min(choices.costs[choice] + brute_force(problem, van + 1, served));
            riders.iter().for_each(|&rider| served[rider] = false);
        }
        least
    }

    #[test]
    fn small_problems_are_solved_and_the_bound_holds() {
        let mut proven = 0;
        for seed in 0..1_000 {
            let problem = problem(&mut Rng::new(seed, "packing"));
            let optimum = brute_force(&problem, 0, &mut vec![false; problem.penalty.len()]);
            let found = solve(&problem, vec![0; problem.vans.len()]);
            let mut times = vec![0; problem.penalty.len()];
            let mut cost = 0.0;
            for (van, &choice) in problem.vans.iter().zip(&found.chosen) {
                cost += van.costs[choice];
                van.riders(choice).for_each(|rider| times[rider] += 1);
            }
            cost += times.iter().zip(&problem.penalty).filter(|(times, _)| **times == 0).map(|(_, p)| p).sum::<f64>();
            assert!(times.iter().all(|&times| times <= 1), "seed {seed}: a rider travels twice");
            assert!((cost - found.value).abs() < 1e-6, "seed {seed}: {cost} is not {}", found.value);
            assert!(found.bound <= optimum + 1e-6, "seed {seed}: bound {}, optimum {optimum}", found.bound);
            assert!(found.value <= optimum + 1.0, "seed {seed}: {}, optimum {optimum}", found.value);
            proven += u32::from(found.value - found.bound < 1.0);
        }
        assert!(proven > 950, "{proven} proven");
    }
}
