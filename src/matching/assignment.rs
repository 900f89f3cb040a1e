//! The linear assignment problem: rows and columns matched one to one, as many rows as possible, at least cost in all.
//!
//! Shortest augmenting paths (Jonker and Volgenant 1987), in the form for rectangular problems of Crouse (2016), here with the
//! costs of possible pairs only. Rows are assigned one after another; each looks by Dijkstra's algorithm, on costs reduced
//! by prices, for the cheapest chain of changes that ends at a free column, or at a row that is left out. O(rows² x
//! columns).

/// What leaving a row out costs: more than any chain of changes.
const LEFT_OUT: f64 = 1e12;

/// The column of each row, if it gets one. `costs` has for each row the columns that it can have, and their costs.
pub(super) fn assign(costs: &[Vec<(usize, f64)>], columns: usize) -> Vec<Option<usize>> {
    // Behind the columns, each row has one of its own, which stands for leaving it out.
    let all = columns + costs.len();
    let mut row_price = vec![0.0; costs.len()];
    let mut column_price = vec![0.0; all];
    let mut row_of = vec![None; all];
    let mut column_of = vec![None; costs.len()];
    for row in 0..costs.len() {
        let mut distance = vec![f64::INFINITY; all];
        let mut from = vec![0; all];
        let mut settled = vec![false; all];
        let (mut at, mut reached) = (row, 0.0);
        let mut rows = vec![row];
        let free = loop {
            for (column, cost) in costs[at].iter().copied().chain([(columns + at, LEFT_OUT)]) {
                let through = reached + cost - row_price[at] - column_price[column];
                if !settled[column] && through < distance[column] {
                    (distance[column], from[column]) = (through, at);
                }
            }
            let open = (0..all).filter(|&column| !settled[column]);
            let nearest = open.min_by(|&a, &b| distance[a].total_cmp(&distance[b])).expect("its own column is open");
            (settled[nearest], reached) = (true, distance[nearest]);
            match row_of[nearest] {
                None => break nearest,
                Some(row) => at = row,
            }
            rows.push(at);
        };
        // Prices under which every pair assigned is as cheap as any for its row.
        row_price[row] += reached;
        for &other in &rows[1..] {
            row_price[other] += reached - distance[column_of[other].expect("it was assigned")];
        }
        for column in (0..all).filter(|&column| settled[column]) {
            column_price[column] -= reached - distance[column];
        }
        let mut column = free;
        loop {
            let at: usize = from[column];
            row_of[column] = Some(at);
            let Some(before) = column_of[at].replace(column) else { break };
            column = before;
        }
    }
    column_of.into_iter().map(|column| column.filter(|&column| column < columns)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    /// Rows assigned and cost of the best assignment, by trying all.
    fn brute_force(costs: &[Vec<(usize, f64)>], taken: &mut Vec<bool>) -> (i32, f64) {
        let Some((first, rest)) = costs.split_first() else { return (0, 0.0) };
        let mut best = brute_force(rest, taken);
        for &(column, cost) in first {
            if !taken[column] {
                taken[column] = true;
                let (rows, more) = brute_force(rest, taken);
                taken[column] = false;
                if (-(rows + 1), more + cost) < (-best.0, best.1) {
                    best = (rows + 1, more + cost);
                }
            }
        }
        best
    }

    #[test]
    fn as_many_and_as_cheap_as_by_brute_force() {
        for seed in 0..2_000 {
            let rng = &mut Rng::new(seed, "assignment");
            let (rows, columns) = (1 + (rng.unit() * 6.0) as usize, 1 + (rng.unit() * 6.0) as usize);
            let density = rng.unit();
            let costs: Vec<Vec<(usize, f64)>> = (0..rows)
                .map(|_| {
                    let pairs = (0..columns).map(|column| (column, (rng.unit() * 20.0 - 5.0).round(), rng.unit()));
                    pairs.filter(|(_, _, chance)| *chance < density).map(|(column, cost, _)| (column, cost)).collect()
                })
                .collect();
            let found = assign(&costs, columns);
            let mut taken = vec![false; columns];
            let (mut assigned, mut total) = (0, 0.0);
            for (row, column) in found.iter().enumerate() {
                let Some(column) = column else { continue };
                assert!(!std::mem::replace(&mut taken[*column], true), "seed {seed}: column {column} twice");
                assigned += 1;
                total += costs[row].iter().find(|(other, _)| other == column).expect("a possible pair").1;
            }
            assert_eq!((assigned, total), brute_force(&costs, &mut vec![false; columns]), "seed {seed}: {costs:?}");
        }
    }
}
