//! How times are taken, and how they are printed.

use std::time::Instant;

/// What to know beside the figures.
#[derive(Default)]
pub struct Findings {
    /// What could not be measured.
    pub not_run: Vec<String>,
    /// What did not come out as it should.
    pub wrong: Vec<String>,
}

impl Findings {
    /// Adds others.
    pub fn extend(&mut self, others: Findings) {
        self.not_run.extend(others.not_run);
        self.wrong.extend(others.wrong);
    }
}

/// What was found, and in how many seconds.
pub type Timed<T> = (T, f64);

/// Takes the time of some work.
pub fn timed<T>(work: impl FnOnce() -> T) -> Timed<T> {
    let begin = Instant::now();
    let found = work();
    (found, begin.elapsed().as_secs_f64())
}

/// The median of several runs: three at least, 99 at most, no more once a second has passed. Slow ones run less often: no
/// more once ten seconds have passed.
pub fn median<T, E>(mut run: impl FnMut() -> Result<Timed<T>, E>) -> Result<Timed<T>, E> {
    let mut times = Vec::new();
    loop {
        let (found, seconds) = run()?;
        times.push(seconds);
        let spent: f64 = times.iter().sum();
        if times.len() == 99 || spent > 10.0 || (spent > 1.0 && times.len() >= 3) {
            times.sort_by(f64::total_cmp);
            return Ok((found, times[(times.len() - 1) / 2]));
        }
    }
}

/// Prints a Markdown table.
pub fn print_table<const N: usize>(head: [&str; N], rows: &[[String; N]]) {
    println!("| {} |\n|{}", head.join(" | "), " --- |".repeat(N));
    rows.iter().for_each(|row| println!("| {} |", row.join(" | ")));
    println!();
}

/// A positive number with three digits that count.
pub fn digits(value: f64) -> String {
    let decimals = (2.0 - value.log10().floor()).clamp(0.0, 9.0);
    format!("{value:.*}", decimals as usize)
}
