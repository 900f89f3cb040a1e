//! The charging optimum: against stored optima, against a general solver, by its own proof, and by hand.

#[path = "optimum/lp.rs"]
mod lp;
#[path = "optimum/random.rs"]
mod random;

use std::path::Path;
use std::process::Command;

use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, SolverStatus, SupportedConeT};
use noriai::optimum::instance::Instance;
use noriai::optimum::{self, Multipliers, Outcome, Problem, Schedule, Shortfall, Slot, Solution, Step, Store};
use serde_json::{Value, json};

use lp::Lp;
use random::Draw;

/// How far from an optimum is none.
fn close(ours: f64, theirs: f64) -> bool {
    (ours - theirs).abs() <= 1e-6 * theirs.abs().max(1.0)
}

/// The optimum by Clarabel; nothing if there is none, or if it is not sure.
fn by_clarabel(lp: &Lp) -> Option<f64> {
    let columns = lp.cost.len();
    let mut of_row: Vec<Vec<(usize, f64)>> = vec![Vec::new(); lp.row_low.len()];
    lp.entries.iter().for_each(|&(row, column, value)| of_row[row].push((column, value)));
    let (mut rows, mut cols, mut values, mut right) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut add = |terms: &[(usize, f64)], sign: f64, limit: f64| {
        for &(column, value) in terms {
            rows.push(right.len());
            cols.push(column);
            values.push(sign * value);
        }
        right.push(sign * limit);
    };
    let (equations, inequations): (Vec<usize>, Vec<usize>) =
        (0..of_row.len()).partition(|&row| lp.row_low[row] == lp.row_high[row]);
    equations.iter().for_each(|&row| add(&of_row[row], 1.0, lp.row_low[row]));
    inequations.iter().for_each(|&row| add(&of_row[row], 1.0, lp.row_high[row]));
    for column in 0..columns {
        add(&[(column, 1.0)], -1.0, lp.low[column]);
        if lp.high[column].is_finite() {
            add(&[(column, 1.0)], 1.0, lp.high[column]);
        }
    }
    let others = right.len() - equations.len();
    let matrix = CscMatrix::new_from_triplets(right.len(), columns, rows, cols, values);
    let cones = [SupportedConeT::ZeroConeT(equations.len()), SupportedConeT::NonnegativeConeT(others)];
    let settings = DefaultSettings {
        verbose: false,
        max_threads: 1,
        tol_gap_abs: 1e-9,
        tol_gap_rel: 1e-9,
        tol_feas: 1e-9,
        ..DefaultSettings::default()
    };
    let zero = CscMatrix::zeros((columns, columns));
    let mut solver = DefaultSolver::new(&zero, &lp.cost, &matrix, &right, &cones, settings).ok()?;
    solver.solve();
    matches!(solver.solution.status, SolverStatus::Solved).then_some(solver.solution.obj_val)
}

/// Checks that the schedule does what is asked for, within 1e-6 kW and kWh.
fn assert_feasible(name: &str, problem: &Problem, schedule: &Schedule) {
    let within = |what: &str, value: f64, low: f64, high: f64| {
        assert!(value >= low - 1e-6 && value <= high + 1e-6, "{name}: {what}: {value} is not in {low} to {high}");
    };
    let no_use_of_losing_energy =
        problem.slots.iter().all(|slot| slot.buy >= slot.sell.max(0.0) && slot.load_kw >= 0.0);
    let mut balance: Vec<f64> = problem.slots.iter().map(|slot| -slot.load_kw).collect();
    for (t, slot) in problem.slots.iter().enumerate() {
        let (import, export) = (schedule.import_kw[t], schedule.export_kw[t]);
        let (free, source) = (schedule.free_used_kw[t], schedule.source_kw[t]);
        within("import", import, 0.0, slot.import_limit_kw.min(schedule.peak_kw));
        within("export", export, 0.0, slot.export_limit_kw);
        within("free", free, 0.0, slot.free_kw);
        within("source", source, 0.0, slot.source_kw);
        balance[t] += import - export + free + source;
    }
    for (v, store) in problem.stores.iter().enumerate() {
        let mut energy_kwh = store.initial_kwh;
        for (k, step) in store.steps.iter().enumerate() {
            let (charge, discharge) = (schedule.charge_kw[v][k], schedule.discharge_kw[v][k]);
            within("charge", charge, 0.0, step.charge_kw);
            within("discharge", discharge, 0.0, step.discharge_kw);
            energy_kwh -= step.take_kwh;
            energy_kwh += problem.slot_h * store.charge_efficiency * charge;
            energy_kwh -= problem.slot_h * discharge / store.discharge_efficiency;
            within("energy", energy_kwh, step.low_kwh, step.high_kwh);
            if let Some(taper) = store.taper {
                let line_kw = taper.kw_per_kwh * (taper.top_kwh - energy_kwh);
                within("taper", store.charge_efficiency * charge, 0.0, line_kw);
            }
            balance[step.slot] += discharge - charge;
            if no_use_of_losing_energy {
                assert!(charge.min(discharge) <= 1e-6, "{name}: {charge} kW and {discharge} kW at once");
            }
        }
    }
    balance.iter().for_each(|&kw| within("balance", kw, 0.0, 0.0));
}

/// The bound that multipliers give by weak duality, from the linear program alone: for each column the cheaper end of its
/// range at its reduced cost, and for each row its right-hand side at its multiplier.
fn weak_duality(problem: &Problem, multipliers: &Multipliers) -> f64 {
    let mut lp = Lp::cost(problem);
    // Unless selling pays more than buying costs, nobody has to buy more than can be taken, or to sell more than there is; and
    // no peak has to be above the highest import.
    let mut taken_kw: Vec<f64> = problem.slots.iter().map(|slot| slot.load_kw.max(0.0)).collect();
    let mut given_kw: Vec<f64> =
        problem.slots.iter().map(|slot| slot.free_kw + slot.source_kw - slot.load_kw.min(0.0)).collect();
    for step in problem.stores.iter().flat_map(|store| &store.steps) {
        taken_kw[step.slot] += step.charge_kw;
        given_kw[step.slot] += step.discharge_kw;
    }
    let mut highest = problem.peak_floor_kw;
    for (t, slot) in problem.slots.iter().enumerate() {
        // Columns: the peak, then import, export, free and source of each slot.
        let (import, export) = (1 + 4 * t, 2 + 4 * t);
        let through = if slot.buy >= slot.sell { [0.0, 0.0] } else { [slot.export_limit_kw, slot.import_limit_kw] };
        lp.high[import] = slot.import_limit_kw.min(taken_kw[t] + through[0]);
        lp.high[export] = slot.export_limit_kw.min(given_kw[t] + through[1]);
        highest = highest.max(lp.high[import]);
    }
    lp.high[0] = highest;
    let mut rows = Vec::new();
    for t in 0..problem.slots.len() {
        rows.push(multipliers.balance[t]);
        if problem.peak_yen_per_kw > 0.0 {
            assert!(multipliers.peak[t] >= 0.0);
            rows.push(-multipliers.peak[t]);
        }
    }
    for (v, store) in problem.stores.iter().enumerate() {
        for k in 0..store.steps.len() {
            rows.push(multipliers.energy[v][k]);
            if store.taper.is_some() {
                assert!(multipliers.taper[v][k] >= 0.0);
                rows.push(-multipliers.taper[v][k]);
            }
        }
    }
    let mut reduced = lp.cost.clone();
    lp.entries.iter().for_each(|&(row, column, value)| reduced[column] -= rows[row] * value);
    let ends = lp.low.iter().zip(&lp.high);
    let columns: f64 =
        reduced.iter().zip(ends).map(|(cost, (low, high))| cost * if *cost > 0.0 { low } else { high }).sum();
    let rights = rows.iter().zip(&lp.row_high).map(|(multiplier, right)| multiplier * right);
    columns + rights.sum::<f64>() - problem.peak_yen_per_kw * problem.peak_floor_kw
}

/// Checks schedule and proof of a solution, without the certificate.
fn assert_proven(name: &str, problem: &Problem, solution: &Solution) {
    assert_feasible(name, problem, &solution.schedule);
    let cost = problem.cost_yen(&solution.schedule);
    let bound = weak_duality(problem, &solution.multipliers);
    assert!(close(bound, cost), "{name}: cost {cost}, bound {bound}, {:?}", solution.certificate);
    let certificate = &solution.certificate;
    assert!(close(certificate.cost_yen, cost), "{name}: cost {cost}, certificate {certificate:?}");
    assert!(certificate.gap_rel.abs() <= 1e-6, "{name}: {certificate:?}");
    assert!(certificate.limits <= 1e-6 && certificate.balance_kw <= 1e-6, "{name}: {certificate:?}");
}

fn optimal(name: &str, problem: &Problem) -> Solution {
    match optimum::solve(problem) {
        Outcome::Optimal(solution) => *solution,
        Outcome::Infeasible(shortfall) => panic!("{name}: infeasible: {shortfall:?}"),
    }
}

fn infeasible(problem: &Problem) -> Shortfall {
    match optimum::solve(problem) {
        Outcome::Optimal(solution) => panic!("a solution: {:?}", solution.certificate),
        Outcome::Infeasible(shortfall) => *shortfall,
    }
}

#[test]
fn stored_optima_are_reached_and_proven() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/charging"));
    if !folder.is_dir() {
        println!("not run: stored_optima_are_reached_and_proven: ../shared/data is absent");
        return;
    }
    for name in ["ev10_t48", "ev10_t96", "ev50_t96", "ev200_t48", "ev200_t96_v1g", "ev200_t96_tight70", "ev1000_t96"] {
        let json = std::fs::read_to_string(folder.join(format!("{name}.json"))).expect("an instance");
        let value: Value = serde_json::from_str(&json).expect("JSON");
        let problem = Instance::read(&json).expect("an instance").problem();
        let solution = optimal(name, &problem);
        let (ours, theirs) = (solution.certificate.cost_yen, value["optimum"]["objective_yen"].as_f64().expect("yen"));
        assert!(close(ours, theirs), "{name}: {ours} is not {theirs}");
        assert_proven(name, &problem, &solution);
    }
}

#[test]
fn random_optima_are_those_of_a_general_solver() {
    let (mut optima, mut shortfalls, mut compared) = (0, 0, 0);
    for seed in 0..500 {
        let name = format!("seed {seed}");
        let problem = Draw::new(seed).problem();
        match optimum::solve(&problem) {
            Outcome::Optimal(solution) => {
                assert_proven(&name, &problem, &solution);
                optima += 1;
                if let Some(theirs) = by_clarabel(&Lp::cost(&problem)) {
                    // With what is billed anyway for the peak's floor: it is in the numbers that Clarabel rounds.
                    let ours = solution.certificate.cost_yen + problem.peak_yen_per_kw * problem.peak_floor_kw;
                    assert!(close(ours, theirs), "{name}: {ours} is not {theirs}");
                    compared += 1;
                }
            }
            Outcome::Infeasible(shortfall) => {
                shortfalls += 1;
                assert_eq!(by_clarabel(&Lp::cost(&problem)), None, "{name}: a general solver finds an optimum");
                let unserved: f64 = shortfall.unserved_kw.iter().map(|kw| 10.0 * problem.slot_h * kw.abs()).sum();
                let ours = shortfall.missing_kwh.iter().flatten().sum::<f64>() + unserved;
                assert!(ours > 1e-6, "{name}: nothing is missing");
                if let Some(theirs) = by_clarabel(&Lp::missing(&problem)) {
                    assert!((ours - theirs).abs() < 1e-5 * theirs.max(1.0), "{name}: {ours} missing, not {theirs}");
                }
                assert!(shortfall.solution.is_some(), "{name}: no schedule");
            }
        }
    }
    assert!(optima > 400 && shortfalls > 20 && compared > 400, "{optima}, {shortfalls}, {compared}");
}

#[test]
fn the_same_problem_has_the_same_solution_to_the_bit() {
    let problem = Draw::new(3).problem();
    assert_eq!(optimum::solve(&problem), optimum::solve(&problem));
}

/// Two slots of half an hour at 20 yen, 50 kW from the grid.
fn small(stores: Vec<Store>) -> Problem {
    let slot = Slot { buy: 20.0, import_limit_kw: 50.0, export_limit_kw: 50.0, ..Slot::default() };
    Problem { slot_h: 0.5, slots: vec![slot; 2], stores, ..Problem::default() }
}

/// A vehicle with 10 kWh of 40 that charges with 6 kW and has to have `target_kwh` after both slots.
fn vehicle(target_kwh: f64) -> Store {
    let step = Step { charge_kw: 6.0, high_kwh: 40.0, ..Step::default() };
    Store {
        initial_kwh: 10.0,
        charge_efficiency: 0.95,
        discharge_efficiency: 0.95,
        steps: vec![step, Step { slot: 1, low_kwh: target_kwh, ..step }],
        ..Store::default()
    }
}

#[test]
fn a_vehicle_that_can_just_be_filled_is_filled() {
    // 2 slots x 0.5 h x 6 kW = 6 kWh for 6 x 20 = 120 yen, of which 6 x 0.95 = 5.7 kWh are stored: 15.7 kWh.
    let problem = small(vec![vehicle(15.7)]);
    let solution = optimal("just", &problem);
    assert!(close(solution.certificate.cost_yen, 120.0), "{:?}", solution.certificate);
}

#[test]
fn a_target_out_of_reach_is_missing_what_cannot_be_charged() {
    // At most 15.7 kWh, as above: 20 − 15.7 = 4.3 kWh are missing. The second vehicle gets what it wants.
    let shortfall = infeasible(&small(vec![vehicle(20.0), vehicle(12.0)]));
    let missing: Vec<f64> = shortfall.missing_kwh.iter().map(|steps| steps.iter().sum()).collect();
    assert!((missing[0] - 4.3).abs() < 1e-5 && missing[1] == 0.0, "{missing:?}");
    assert!(shortfall.unserved_kw.iter().all(|&kw| kw == 0.0));
    // The first charges with all its power: 6 kWh; the second 2 / 0.95 kWh.
    let yen = shortfall.solution.expect("a schedule").certificate.cost_yen;
    assert!((yen - 20.0 * (6.0 + 2.0 / 0.95)).abs() < 1e-3, "{yen}");
}

#[test]
fn a_shared_limit_leaves_the_least_possible_missing() {
    // 9 kW x 1 h = 9 kWh, 8.55 kWh of them stored, for three vehicles that want 5 kWh each: 15 − 8.55 = 6.45 kWh are missing.
    let mut problem = small(vec![vehicle(15.0); 3]);
    problem.slots.iter_mut().for_each(|slot| slot.import_limit_kw = 9.0);
    let shortfall = infeasible(&problem);
    let missing: f64 = shortfall.missing_kwh.iter().flatten().sum();
    assert!((missing - 6.45).abs() < 1e-5, "{missing}");
    let theirs = by_clarabel(&Lp::missing(&problem)).expect("an optimum");
    assert!((missing - theirs).abs() < 1e-5, "{missing}, not {theirs}");
}

#[test]
fn a_load_above_the_limit_is_missing_in_its_slot() {
    // 62 kW from a grid that gives 50: 12 kW are missing, in the second slot alone; no battery could help.
    let mut problem = small(vec![vehicle(12.0)]);
    problem.slots[1].load_kw = 62.0;
    let shortfall = infeasible(&problem);
    assert!((shortfall.unserved_kw[1] - 12.0).abs() < 1e-5 && shortfall.unserved_kw[0] == 0.0, "{shortfall:?}");
    assert!(shortfall.missing_kwh.iter().flatten().all(|&kwh| kwh == 0.0), "{shortfall:?}");
}

#[test]
fn a_surplus_that_cannot_be_used_is_named_too() {
    // 62 kW too much, of which 50 can be sold.
    let mut problem = small(Vec::new());
    problem.slots[0].load_kw = -62.0;
    let shortfall = infeasible(&problem);
    assert!((shortfall.unserved_kw[0] + 12.0).abs() < 1e-5, "{shortfall:?}");
}

/// The instance of the exchange format with the same two slots and one vehicle.
fn instance() -> Value {
    json!({
        "format": "ev-fleet-lp/1", "n_ev": 1, "steps": 2, "dt_h": 0.5, "eta_c": 0.95, "eta_d": 0.95, "v1g": false,
        "price_buy": [20.0, 20.0], "price_sell": [8.0, 8.0], "site_load_kw": [1.0, 1.0], "pv_kw": [0.0, 0.0],
        "import_limit_kw": 50.0, "export_limit_kw": 50.0, "peak_price_yen_per_kw": 0.0, "deg_yen_per_kwh": 3.0,
        "evs": [{
            "id": "van", "e_min": 5.0, "e_max": 40.0, "e0": 12.0, "pre_trip_kwh": 2.0, "p_chg": 6.0, "p_dis": 6.0,
            "e_end_min": 6.0, "windows": [[0, 2, 12.0, 3.0]]
        }]
    })
}

#[test]
fn windows_ask_for_target_trip_and_what_remains() {
    let cost = |change: &dyn Fn(&mut Value)| {
        let mut instance = instance();
        change(&mut instance);
        Instance::read(&instance.to_string()).expect("an instance").solve(false).objective_yen
    };
    // 10 kWh at the begin. 12 kWh at the end: 2 / 0.95 kWh bought, and 1 kWh of load.
    assert!(close(cost(&|_| {}), 20.0 * (1.0 + 2.0 / 0.95)));
    // The trip of 3 kWh has to leave e_end_min = 10: 13 kWh at the end.
    assert!(close(cost(&|i| i["evs"][0]["e_end_min"] = json!(10.0)), 20.0 * (1.0 + 3.0 / 0.95)));
    // After a trip before another window, e_min = 5 is enough: 12 in the first slot, 12 − 3 = 9 in the second, which has to end
    // with 6 + 0.5; 2.5 kWh can be given back, 2.5 x 0.95 kWh of load not bought, at 3 yen each for wear; the load is
    // just 0.5 kWh in that slot, and 8 − 3 yen for each kWh sold are still more than nothing.
    let two = json!([[0, 1, 12.0, 3.0], [1, 2, 6.5, 0.5]]);
    let given = 2.5 * 0.95;
    let yen = 20.0 * (0.5 + 2.0 / 0.95) - 8.0 * (given - 0.5) + 3.0 * given;
    assert!(close(cost(&|i| i["evs"][0]["windows"] = two.clone()), yen), "{} is not {yen}", cost(&|_| {}));
    // One way: nothing is given back.
    let one_way = |i: &mut Value| {
        i["evs"][0]["windows"] = two.clone();
        i["v1g"] = json!(true);
    };
    assert!(close(cost(&one_way), 20.0 * (1.0 + 2.0 / 0.95)));
}

fn charge(instance: &str, arguments: &[&str]) -> (Option<i32>, Value, String) {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("charge-{number}.json"));
    std::fs::write(&file, instance).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_noriai"));
    let output = command.arg("charge").arg(&file).args(arguments).output().expect("the command starts");
    let answer = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), answer, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn charge_prints_schedule_and_proof() {
    let (code, answer, _) = charge(&instance().to_string(), &["--multipliers"]);
    assert_eq!((code, &answer["status"]), (Some(0), &json!("optimal")));
    for field in ["objective_yen", "dual_objective_yen", "gap_rel", "solve_ms", "peak_kw"] {
        assert!(answer[field].is_number(), "{field}: {answer}");
    }
    for field in ["import_kw", "export_kw", "pv_used_kw"] {
        assert_eq!(answer[field].as_array().map(Vec::len), Some(2), "{field}: {answer}");
    }
    for field in ["charge_kw", "discharge_kw"] {
        assert_eq!(answer[field][0].as_array().map(Vec::len), Some(2), "{field}: {answer}");
    }
    assert!(answer["residuals"]["balance_kw"].as_f64().is_some_and(|kw| kw < 1e-6), "{answer}");
    assert_eq!(answer["multipliers"]["energy"][0].as_array().map(Vec::len), Some(2), "{answer}");
    assert_eq!(charge(&instance().to_string(), &[]).1["multipliers"], Value::Null);
}

#[test]
fn charge_names_what_is_missing_and_exits_with_3() {
    let mut instance = instance();
    // 10 kWh and at most 5.7 more: 4.3 are missing.
    instance["evs"][0]["windows"][0][2] = json!(20.0);
    let (code, answer, _) = charge(&instance.to_string(), &[]);
    assert_eq!((code, &answer["status"]), (Some(3), &json!("infeasible")));
    let [shortfall] = &answer["shortfalls"].as_array().expect("a list")[..] else { panic!("{answer}") };
    assert_eq!((&shortfall["vehicle"], &shortfall["window"]), (&json!("van"), &json!(0)));
    assert!((shortfall["missing_kwh"].as_f64().expect("kWh") - 4.3).abs() < 1e-5, "{answer}");
    assert!((answer["charge_kw"][0][0].as_f64().expect("kW") - 6.0).abs() < 1e-4, "{answer}");

    // More than the battery holds: 45 − 40 = 5 kWh beyond it, and 40 − 15.7 = 24.3 kWh not charged.
    instance["evs"][0]["windows"][0][2] = json!(45.0);
    let (_, answer, _) = charge(&instance.to_string(), &[]);
    let missing = answer["shortfalls"][0]["missing_kwh"].as_f64().expect("kWh");
    assert!((missing - 29.3).abs() < 1e-5, "{answer}");

    let mut instance = self::instance();
    // 70 kW from a grid that gives 50 and a van that gives 6: at least 14 kW x 0.5 h = 7 kWh are missing.
    instance["site_load_kw"][1] = json!(70.0);
    let (code, answer, _) = charge(&instance.to_string(), &[]);
    assert_eq!((code, &answer["site_shortfalls"][0]["slot"]), (Some(3), &json!(1)));
    let missing = answer["site_shortfalls"][0]["missing_kwh"].as_f64().expect("kWh");
    assert!((missing - 7.0).abs() < 1e-5, "{answer}");
}

#[test]
fn charge_names_the_field_it_cannot_read_and_exits_with_4() {
    let fails = |change: &dyn Fn(&mut Value), words: &[&str]| {
        let mut instance = instance();
        change(&mut instance);
        let (code, _, error) = charge(&instance.to_string(), &[]);
        assert_eq!(code, Some(4), "{error}");
        assert!(words.iter().all(|word| error.contains(word)), "{words:?}: {error}");
    };
    fails(&|i| i["evs"][0]["p_chg"] = json!("fast"), &["evs[0].p_chg"]);
    fails(&|i| i["evs"][0]["p_chg"] = json!(-1.0), &["evs[0].p_chg"]);
    fails(&|i| i["price_buy"] = json!([20.0]), &["price_buy", "1", "2"]);
    fails(&|i| i["price_buy"][1] = json!(null), &["price_buy[1]"]);
    fails(&|i| i["evs"][0]["windows"][0][1] = json!(3), &["evs[0].windows[0]"]);
    fails(&|i| i["evs"][0]["windows"][0][1] = json!(-3), &["evs[0].windows[0][1]"]);
    fails(&|i| i["eta_c"] = json!(1.5), &["eta_c"]);
    fails(&|i| i["format"] = json!("ev-fleet-lp/2"), &["format"]);
    fails(&|i| drop(i.as_object_mut().expect("an object").remove("dt_h")), &["dt_h"]);
    assert_eq!(charge("{", &[]).0, Some(4));
}

#[test]
fn charge_warns_where_both_directions_at_once_can_pay() {
    let mut instance = instance();
    instance["price_buy"] = json!([-5.0, 20.0]);
    let (code, answer, _) = charge(&instance.to_string(), &[]);
    assert_eq!((code, answer["warnings"].as_array().map(Vec::len)), (Some(0), Some(1)), "{answer}");
    assert_eq!(charge(&self::instance().to_string(), &[]).1["warnings"], Value::Null);
}
