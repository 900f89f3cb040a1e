//! General solvers, each on one thread: HiGHS (Huangfu and Hall 2018) and Clarabel (Goulart and Chen 2024).

use std::fmt;

use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, SolverStatus, SupportedConeT};
use highs::{ColProblem, HighsModelStatus, Sense};

use crate::lp::Lp;
use crate::measure::{Timed, timed};

/// Seconds after which HiGHS is to give up.
pub const LIMIT_S: f64 = 60.0;

/// The least cost and the seconds it took, or why there is none.
pub type Found = Result<Timed<f64>, String>;

/// Which of its methods HiGHS uses. Its `ipm` is HiPO where that is present, and IPX elsewhere.
#[derive(Clone, Copy, PartialEq)]
pub enum Method {
    DualSimplex,
    PrimalSimplex,
    Ipx,
    Hipo,
}

/// What HiGHS is told.
#[derive(Clone, Copy)]
pub struct Setting {
    pub method: Method,
    pub presolve: bool,
    /// Whether an interior point becomes a vertex.
    pub crossover: bool,
}

impl Setting {
    /// Every setting of the simplex method.
    pub fn simplex() -> Vec<Setting> {
        let setting = |method, presolve| Setting { method, presolve, crossover: false };
        [Method::DualSimplex, Method::PrimalSimplex]
            .into_iter()
            .flat_map(|method| [true, false].map(|presolve| setting(method, presolve)))
            .collect()
    }

    /// Every setting of the interior-point methods that are present.
    pub fn interior_point() -> Vec<Setting> {
        let mut settings = Vec::new();
        for method in [Method::Ipx, Method::Hipo] {
            if method == Method::Hipo && !hipo_is_present() {
                continue;
            }
            for presolve in [true, false] {
                settings.extend([true, false].map(|crossover| Setting { method, presolve, crossover }));
            }
        }
        settings
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = match self.method {
            Method::DualSimplex => "dual simplex",
            Method::PrimalSimplex => "primal simplex",
            Method::Ipx => "IPX",
            Method::Hipo => "HiPO",
        };
        let presolve = if self.presolve { "presolve" } else { "no presolve" };
        write!(f, "HiGHS {method}, {presolve}")?;
        match self.method {
            Method::DualSimplex | Method::PrimalSimplex => Ok(()),
            Method::Ipx | Method::Hipo => f.write_str(if self.crossover { ", crossover" } else { ", no crossover" }),
        }
    }
}

/// Whether HiGHS finds the library that HiPO needs.
pub fn hipo_is_present() -> bool {
    ColProblem::default().optimise(Sense::Minimise).try_set_option("solver", "hipo").is_ok()
}

/// The versions of the solvers. `highs-sys` is numbered as the HiGHS in it.
pub fn versions() -> String {
    let version = |package: &str| {
        let lock = include_str!("../Cargo.lock");
        let entry = lock.split_once(&format!("name = \"{package}\"\nversion = \""));
        entry.and_then(|(_, rest)| rest.split('"').next()).unwrap_or("?")
    };
    format!("HiGHS {}, Clarabel {}", version("highs-sys"), version("clarabel"))
}

/// Solves with HiGHS. Handing the program over is not timed.
pub fn highs(lp: &Lp, setting: Setting) -> Found {
    let mut problem = ColProblem::default();
    let row = |(&low, &high): (&f64, &f64)| problem.add_row(low..=high);
    let rows: Vec<highs::Row> = lp.row_low.iter().zip(&lp.row_high).map(row).collect();
    let mut columns = vec![Vec::new(); lp.cost.len()];
    lp.entries.iter().for_each(|&(row, column, value)| columns[column].push((rows[row], value)));
    for (k, entries) in columns.into_iter().enumerate() {
        problem.add_column(lp.cost[k], lp.low[k]..=lp.high[k], entries);
    }
    let mut model = problem.optimise(Sense::Minimise);
    model.make_quiet();
    model.set_option("threads", 1);
    model.set_option("parallel", "off");
    model.set_option("time_limit", LIMIT_S);
    let (solver, strategy) = match setting.method {
        Method::DualSimplex => ("simplex", 1),
        Method::PrimalSimplex => ("simplex", 4),
        Method::Ipx => ("ipx", 0),
        Method::Hipo => ("hipo", 0),
    };
    model.set_option("solver", solver);
    model.set_option("simplex_strategy", strategy);
    let on_or_off = |on: bool| if on { "on" } else { "off" };
    model.set_option("presolve", on_or_off(setting.presolve));
    model.set_option("run_crossover", on_or_off(setting.crossover));
    let (solved, seconds) = timed(|| model.try_solve());
    let solved = solved.map_err(|status| format!("{status:?}"))?;
    match solved.status() {
        HighsModelStatus::Optimal => Ok((solved.objective_value(), seconds)),
        status => Err(format!("{status:?}")),
    }
}

/// Solves with Clarabel. Handing the program over is not timed.
pub fn clarabel(lp: &Lp) -> Found {
    let mut of_row = vec![Vec::new(); lp.row_low.len()];
    lp.entries.iter().for_each(|&(row, column, value)| of_row[row].push((column, value)));
    let (equations, inequations): (Vec<usize>, Vec<usize>) =
        (0..of_row.len()).partition(|&row| lp.row_low[row] == lp.row_high[row]);
    // Rows of A x + s = b: s is 0 in the first ones, and 0 or more in the others.
    let (mut rows, mut columns, mut values, mut right) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut add = |terms: &[(usize, f64)], sign: f64, limit: f64| {
        if limit.is_finite() {
            for &(column, value) in terms {
                rows.push(right.len());
                columns.push(column);
                values.push(sign * value);
            }
            right.push(sign * limit);
        }
    };
    equations.iter().for_each(|&row| add(&of_row[row], 1.0, lp.row_high[row]));
    for row in inequations {
        add(&of_row[row], 1.0, lp.row_high[row]);
        add(&of_row[row], -1.0, lp.row_low[row]);
    }
    for column in 0..lp.cost.len() {
        add(&[(column, 1.0)], 1.0, lp.high[column]);
        add(&[(column, 1.0)], -1.0, lp.low[column]);
    }
    let matrix = CscMatrix::new_from_triplets(right.len(), lp.cost.len(), rows, columns, values);
    let cones =
        [SupportedConeT::ZeroConeT(equations.len()), SupportedConeT::NonnegativeConeT(right.len() - equations.len())];
    let settings = DefaultSettings { verbose: false, max_threads: 1, ..DefaultSettings::default() };
    let quadratic = CscMatrix::zeros((lp.cost.len(), lp.cost.len()));
    let (solver, seconds) = timed(|| {
        let mut solver = DefaultSolver::new(&quadratic, &lp.cost, &matrix, &right, &cones, settings)?;
        solver.solve();
        Ok(solver)
    });
    let solver = solver.map_err(|error: clarabel::solver::SolverError| error.to_string())?;
    match solver.solution.status {
        SolverStatus::Solved => Ok((solver.solution.obj_val, seconds)),
        status => Err(format!("{status:?}")),
    }
}
