//! The command line: what it prints, what it writes, and how it fails.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

fn noriai(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_noriai")).args(arguments).output().expect("the command starts")
}

fn error_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn json_of(output: &Output) -> Value {
    assert!(output.status.success(), "{}", error_of(output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn run_prints_the_report_as_json_with_the_documented_fields() {
    let report = json_of(&noriai(&["run", "--town", "namie", "--json"]));
    for field in ["requests", "served", "mean_wait_s", "mean_delay_s", "wall_s", "prepare_s"] {
        assert!(report[field].is_number(), "{field}: {}", report[field]);
    }
    let hash = report["log_hash"].as_str().expect("a hash");
    assert!(hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{hash}");
    assert_eq!(hash, include_str!("../golden/namie.log_hash").trim());
}

#[test]
fn run_prints_a_table_for_people() {
    let output = noriai(&["run", "--town", "namie"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("Mean wait") && text.contains("Cost of the site"), "{text}");
}

#[test]
fn seed_and_policy_change_the_day() {
    let hash = |arguments: &[&str]| {
        let all: Vec<&str> = ["run", "--town", "namie", "--json"].iter().chain(arguments).copied().collect();
        json_of(&noriai(&all))["log_hash"].to_string()
    };
    let base = hash(&[]);
    assert_ne!(base, hash(&["--seed", "2"]));
    assert_ne!(base, hash(&["--policy", "nearest"]));
    assert_eq!(base, hash(&["--policy", "insertion"]));
}

#[test]
fn out_writes_report_and_log() {
    let out = folder("out");
    let output = noriai(&["run", "--town", "namie", "--json", "--out", out.to_str().expect("UTF-8")]);
    let report: Value =
        serde_json::from_str(&fs::read_to_string(out.join("report.json")).expect("a report")).expect("JSON");
    assert_eq!(report, json_of(&output));
    let log = fs::read_to_string(out.join("log.csv")).expect("a log");
    assert!(log.starts_with("t_s,event,vehicle,request,node,load,energy_kwh\n"), "{}", &log[..60]);
    let dropoffs = log.lines().filter(|line| line.contains(",dropoff,")).count();
    assert_eq!(Some(dropoffs as u64), report["served"].as_u64());
}

#[test]
fn own_trips_replace_the_demand_and_bad_rows_are_named() {
    let file = folder("trips").join("trips.csv");
    fs::write(&file, "request_time,origin,destination,passengers\n09:00,station,townhall,1\n09:05,station,nowhere,1\n")
        .expect("written");
    let output = noriai(&["run", "--town", "namie", "--json", "--requests", file.to_str().expect("UTF-8")]);
    assert_eq!(json_of(&output)["requests"], 1);
    let error = error_of(&output);
    assert!(error.contains(":3") && error.contains("nowhere"), "{error}");
}

/// A file of this folder with this text; its path.
fn file(folder: &std::path::Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn trips_with_other_columns_and_days_are_read_as_told() {
    let folder = folder("days");
    let trips = file(
        &folder,
        "hall.csv",
        "受付の日時,乗車,降車場,備考\n2026-04-01 10:00,station,townhall,\n2026/4/2 9:00,townhall,station,\n2026/4/2 9:30,station,townhall,\n",
    );
    let run = |options: &[&str]| {
        let all = [&["run", "--town", "namie", "--json", "--requests", &trips], options].concat();
        noriai(&all)
    };
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(4));
    assert!(error_of(&output).contains("no column with the destination"), "{}", error_of(&output));
    let columns = "--columns=request_time=受付の日時,destination=降車場";
    let most = run(&[columns]);
    assert_eq!(json_of(&most)["requests"], 2);
    let told = error_of(&most);
    assert!(
        told.contains("2 days: 2026-04-01 (1), 2026-04-02 (2)") && told.contains("took 2026-04-02, left out 1 rows"),
        "{told}"
    );
    assert_eq!(json_of(&run(&[columns, "--date", "2026-04-01"]))["requests"], 1);
    let none = run(&[columns, "--date", "2026-04-09"]);
    assert!(error_of(&none).contains("choose from 2026-04-01, 2026-04-02"), "{}", error_of(&none));
}

#[test]
fn a_town_of_driving_times_runs_with_weights_and_growth() {
    let folder = folder("matrix");
    let stops = file(
        &folder,
        "stops.csv",
        "id,name,lat,lng,kind\na,駅,35,140,\nb,港,35,140.011,\nc,丘,35.01,140,\nx,車庫,35.001,140.001,depot\n",
    );
    let ids = ["a", "b", "c", "x"];
    let pairs =
        ids.iter().flat_map(|from| ids.iter().filter(move |to| *to != from).map(move |to| format!("{from},{to},180")));
    let all: Vec<String> = pairs.collect();
    let times = file(&folder, "times.csv", &format!("from,to,time_s\n{}\n", all.join("\n")));
    let people = file(&folder, "people.csv", "lat,lng,population\n35,140,300\n35,140.011,100\n36,140,9\n");
    let town = folder.join("town.json").to_str().expect("UTF-8").to_owned();
    let made = noriai(&[
        "town",
        "--matrix",
        &times,
        "--stops",
        &stops,
        "--weights",
        &people,
        "--requests",
        "60",
        "--vehicles",
        "2",
        "--out",
        &town,
    ]);
    assert!(made.status.success(), "{}", error_of(&made));
    let told = error_of(&made);
    assert!(
        told.contains("12 pairs of 4 places, 12 without a distance") && told.contains("outside  1 points, 9 in all"),
        "{told}"
    );
    let scenario: Value = serde_json::from_slice(&fs::read(&town).expect("a town")).expect("JSON");
    let weights: Vec<f64> = (0..3).map(|stop| scenario["stops"][stop]["weight"].as_f64().expect("a weight")).collect();
    assert_eq!((scenario["stops"][1]["id"].as_str(), weights), (Some("b"), vec![2.25, 0.75, 0.0]));
    let report = json_of(&noriai(&["run", &town, "--json"]));
    assert!(report["requests"] == 60 && report["served"].as_u64() > Some(0), "{report}");
    // Without growth in the scenario only the demand grows.
    let grown = noriai(&["run", &town, "--json", "--growth", "2"]);
    assert_eq!(json_of(&grown)["requests"], 120);
    // The same weights, given afterwards.
    let again = folder.join("again.json").to_str().expect("UTF-8").to_owned();
    let weighed = noriai(&["weights", &town, &people, "--out", &again]);
    assert!(weighed.status.success(), "{}", error_of(&weighed));
    assert_eq!(fs::read(&again).expect("a town"), fs::read(&town).expect("a town"));

    let short = file(&folder, "short.csv", "from,to,time_s\na,b,180\n");
    let apart = noriai(&["town", "--matrix", &short, "--stops", &stops, "--out", &town]);
    assert_eq!(apart.status.code(), Some(4));
    assert!(
        error_of(&apart).contains("--matrix") && error_of(&apart).contains("nothing leads from"),
        "{}",
        error_of(&apart)
    );
}

#[test]
fn growth_takes_vans_along_where_the_scenario_says_how() {
    // Namie's growth is three times the demand with six vans instead of three; twice has half of that.
    let report = json_of(&noriai(&["run", "--town", "namie", "--json", "--growth", "2"]));
    assert_eq!(report["vehicles"].as_array().map(Vec::len), Some(5));
}

#[test]
fn series_of_ones_own_take_the_place_of_the_sites() {
    let folder = folder("series");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).expect("written");
        path.to_str().expect("UTF-8").to_string()
    };
    let run = |arguments: &[&str]| noriai(&[&["run", "--town", "namie", "--json"], arguments].concat());
    let rows = |value: fn(usize) -> String| -> String { (0..24).map(|h| format!("{h}:00,{}\n", value(h))).collect() };
    let load = write("load.csv", format!("time,kW\n{}", rows(|h| h.to_string())).as_bytes());
    let sun = write("sun.csv", "10\n".repeat(48).as_bytes());
    let price = format!("time,tokyo,tohoku\n{}", rows(|h| format!("-1,{h}.5")));
    let price = format!("{}#tohoku", write("price.csv", price.as_bytes()));
    let site = json_of(&run(&["--load", &load, "--solar", &sun, "--wind", &sun, "--price", &price]))["sites"][0].take();
    // 0 + 1 + ... + 23 kWh; 20 kW all day; at 4:00, 4.5 yen and the levy of 1.4.
    assert_eq!(site["load_kwh"].as_f64(), Some(276.0));
    assert_eq!(site["generated_kwh"].as_f64(), Some(480.0));
    assert_eq!(site["series"]["buy_yen"][0].as_f64(), Some(4.5 + 1.4));

    // Every row that is wrong, by file, line and column; also in Shift_JIS.
    let bad = rows(|h| ["x", "-3", "5"][h.min(2)].to_string());
    let bad = format!("時刻,負荷\n{bad}");
    let (bad, ..) = encoding_rs::SHIFT_JIS.encode(&bad);
    let output = run(&["--load", &write("bad.csv", &bad)]);
    assert_eq!(output.status.code(), Some(4));
    let error = error_of(&output);
    assert!(error.contains("bad.csv:2 (負荷): \"x\" is not a number"), "{error}");
    assert!(error.contains("bad.csv:3 (負荷): \"-3\" is negative"), "{error}");
    let error = error_of(&run(&["--price", &price.replace("tohoku", "kyushu")]));
    assert!(
        error.contains("price.csv:1: no column of numbers has \"kyushu\" in its name: choose from tokyo"),
        "{error}"
    );
    assert_eq!(run(&["--load", "nowhere.csv"]).status.code(), Some(4));
}

#[test]
fn what_needs_a_site_says_so() {
    let (_, json) = noriai::scenario::TOWNS[0];
    let mut scenario: Value = serde_json::from_str(json).expect("JSON");
    scenario["depots"][0].as_object_mut().expect("a depot").remove("site");
    let file = folder("siteless").join("siteless.json");
    fs::write(&file, scenario.to_string()).expect("written");
    let file = file.to_str().expect("UTF-8");
    assert!(noriai(&["run", file]).status.success());
    for option in [&["--compare"][..], &["--cut", "15:00"], &["--tariff", "flat"], &["--load", file]] {
        let output = noriai(&[&["run", file], option].concat());
        assert_eq!(output.status.code(), Some(4), "{option:?}");
        assert!(error_of(&output).contains(&format!("{}: the scenario has no depots[].site", option[0])), "{option:?}");
    }
}

#[test]
fn plain_tables_run_and_keep_their_names() {
    let folder = folder("tables");
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).expect("written");
        path.to_str().expect("UTF-8").to_string()
    };
    let nodes = write("nodes.csv", "node,x_m,y_m\na,0,0\nb,1000,0\nc,2000,0\n");
    let edges = write("edges.csv", "from,to,length_m,time_s\na,b,1000,100\nb,c,1000,100\nc,b,1000,100\nb,a,1000,100\n");
    let requests = write("req.csv", "id,t_s,o,d\nanna,10,b,c\n");
    let vehicles = write("veh.csv", "id,node,cap\nred,a,4\n");
    let run = |requests: &str| {
        let out = folder.join("out");
        let out = out.to_str().expect("UTF-8");
        let tables = ["--nodes", &nodes, "--edges", &edges, "--requests", requests, "--vehicles", &vehicles];
        noriai(&[&["run", "--json", "--out", out][..], &tables[..]].concat())
    };
    // 100 s from a to b: the wait; 100 s more to c without a detour: the delay is the wait.
    let report = json_of(&run(&requests));
    assert_eq!((report["served"].as_u64(), report["mean_wait_s"].as_f64()), (Some(1), Some(100.0)));
    assert_eq!(report["mean_delay_s"].as_f64(), Some(100.0));
    let log = fs::read_to_string(folder.join("out/log.csv")).expect("a log");
    assert!(log.contains("110.000,pickup,red,anna,b,1,0.000000\n"), "{log}");
    assert!(log.contains("210.000,dropoff,red,anna,c,0,0.000000\n"), "{log}");

    let bad = write("bad.csv", "id,t_s,o,d\nx,soon,b,c\ny,10,b,q\n");
    let output = run(&bad);
    assert_eq!(output.status.code(), Some(4));
    let error = error_of(&output);
    assert!(error.contains("requests:2.t_s") && error.contains("requests:3.d"), "{error}");
}

#[test]
fn generate_makes_tables_that_run_reads() {
    let out = folder("generated");
    let out_text = out.to_str().expect("UTF-8");
    let generate = |arguments: &[&str]| noriai(&[&["generate", "--out", out_text], arguments].concat());
    let output = generate(&["--requests", "200", "--vehicles", "20", "--seed", "7", "--parties", "0.8,0.2"]);
    assert!(output.status.success(), "{}", error_of(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("200 requests in 1 h"), "{output:?}");
    let [nodes, edges, requests, vehicles] = ["nodes", "edges", "requests", "vehicles"]
        .map(|name| out.join(name).with_extension("csv").display().to_string());
    let tables = ["--nodes", &nodes, "--edges", &edges, "--requests", &requests, "--vehicles", &vehicles];
    let report = json_of(&noriai(&[&["run", "--json"][..], &tables].concat()));
    assert_eq!(report["requests"], 200);
    assert!(report["served"].as_u64() > Some(100), "{}", report["served"]);

    let output = generate(&["--requests", "0", "--vehicles", "0", "--trip-km", "0", "--parties", "1,1,1,1,1"]);
    assert_eq!(output.status.code(), Some(4));
    let error = error_of(&output);
    for problem in [
        "--requests: 0 is not possible; give a number from 1 to",
        "--vehicles: 0 is not possible",
        "--trip-km: 0 is not",
        "--parties: a party of 5 does not fit into 4 seats; give fewer",
    ] {
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn compare_tells_differences_from_luck() {
    let compare = |arguments: &[&str]| noriai(&[&["compare", "--town", "namie", "--seeds", "3"], arguments].concat());
    let json = r#"nearest, insertion, {"kind":"insertion","objective":{"waiting":0.5,"riding":0.5}}"#;
    let output = compare(&["--policies", json, "--seed", "5", "--json"]);
    let findings = json_of(&output);
    assert_eq!(findings["days"], serde_json::json!(["seed 5", "seed 6", "seed 7"]));
    assert_eq!((findings["runs"].as_u64(), findings["policies"][1].as_str()), (Some(9), Some("insertion")));
    let figure = |key: &str| {
        findings["figures"].as_array().expect("figures").iter().find(|figure| figure["key"] == key).expect("a figure")
    };
    let served = figure("served");
    assert_eq!(served["means"].as_array().map(Vec::len), Some(3));
    // 2 less 1, 3 less 1, 3 less 2: Namie's own weights are those of the third.
    assert!(served["differences"][0]["p_adjusted"].is_number(), "{served}");
    assert_eq!(figure("vehicle_km")["differences"][2]["difference"]["mean"], 0.0);
    // A line for each run, and the same as one run alone.
    let progress = error_of(&output);
    assert!(progress.contains("9 of 9: "), "{progress}");
    let alone = json_of(&noriai(&["run", "--town", "namie", "--policy", "nearest", "--seed", "6", "--json"]));
    assert!(progress.contains(&format!("seed 6, nearest: {} of", alone["served"])), "{progress}");

    let output = compare(&["--policies", "nearest,nearest,insertion"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("seed 1 to seed 3") && text.contains("3 less 1"), "{text}");
    assert!(text.contains("the same on every day"), "{text}");
}

#[test]
fn compare_takes_rebalancing_with_matching() {
    let compare = |policies: &str| {
        let output = noriai(&["compare", "--town", "namie", "--seeds", "2", "--policies", policies, "--json"]);
        (output.status.code(), error_of(&output), output)
    };
    let (_, progress, output) =
        compare(r#"insertion, insertion+return_to_depot, nearest+{"kind":"nearest_hub","after_s":60}"#);
    let findings = json_of(&output);
    assert_eq!(
        (findings["policies"][1].as_str(), &findings["partial"]),
        (Some("insertion+return_to_depot"), &false.into())
    );
    // Somebody else's word and JSON, as one run alone has it.
    for (seed, name, arguments) in [
        ("1", "insertion", ["--policy", "insertion", "--rebalancing", "stay"]),
        ("2", "insertion+return_to_depot", ["--policy", "insertion", "--rebalancing", "return_to_depot"]),
        (
            "1",
            r#"nearest+{"kind":"nearest_hub","after_s":60}"#,
            ["--policy", "nearest", "--rebalancing", r#"{"kind":"nearest_hub","after_s":60}"#],
        ),
    ] {
        let alone = json_of(&noriai(&[&["run", "--town", "namie", "--json", "--seed", seed][..], &arguments].concat()));
        let line = format!("seed {seed}, {name}: {} of {} served", alone["served"], alone["requests"]);
        assert!(progress.contains(&line), "{line} in {progress}");
    }
    let empty_km = findings["figures"].as_array().expect("figures").iter().find(|figure| figure["key"] == "empty_km");
    let difference = &empty_km.expect("a figure")["differences"][0]["difference"];
    assert!(difference["mean"].as_f64().is_some_and(|km| km != 0.0), "{difference}");

    for (policies, message) in [
        ("insertion+walk", "--policies walk: not known; give one of stay, return_to_depot, nearest_hub"),
        ("insertion+stay+stay", "more than one +; give MATCHING or MATCHING+REBALANCING"),
    ] {
        let (code, error, _) = compare(policies);
        assert!(code == Some(4) && error.contains(message), "{error}");
    }
}

/// Ctrl-C is a signal only where there are signals.
#[cfg(unix)]
#[test]
fn compare_prints_what_is_finished_when_interrupted() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::Stdio;

    for json in [true, false] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_noriai"));
        command.args(["compare", "--town", "namie", "--policies", "nearest,insertion", "--seeds", "1000"]);
        let mut child = command
            .args(json.then_some("--json"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let mut progress = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        assert!(progress.any(|line| line.starts_with("4 of 2000: ")), "no progress");
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill starts").success());
        let mut report = String::new();
        child.stdout.take().expect("a pipe").read_to_string(&mut report).expect("UTF-8");
        let errors: Vec<String> = progress.collect();
        assert_eq!(child.wait().expect("it ends").code(), Some(130), "{report}");
        let last = errors.last().expect("a message");
        assert!(last.starts_with("noriai: interrupted after ") && last.ends_with(" of 2000 runs"), "{last}");
        if json {
            let findings: Value = serde_json::from_str(&report).expect("JSON");
            assert_eq!(findings["partial"], true);
            assert!(findings["runs"].as_u64().is_some_and(|runs| (4..2_000).contains(&runs)), "{}", findings["runs"]);
        } else {
            assert!(report.contains("PARTIAL: ") && report.contains("Mean wait"), "{report}");
        }
    }
}

#[test]
fn compare_takes_days_as_tables_and_refuses_what_shows_no_spread() {
    let folder = folder("days");
    let day = |seed: &str| {
        let out = folder.join(seed).to_str().expect("UTF-8").to_string();
        let size = ["--requests", "150", "--vehicles", "15", "--seed", seed, "--out", &out];
        assert!(noriai(&[&["generate"][..], &size].concat()).status.success());
        out
    };
    let (one, two) = (day("1"), day("2"));
    let compare = |arguments: &[&str]| noriai(&[&["compare", "--policies", "nearest,insertion"], arguments].concat());
    let findings = json_of(&compare(&["--json", "--case", &one, &two]));
    assert_eq!(findings["days"], serde_json::json!([one, two]));

    let alone = json_of(&noriai(&["run", "--json", "--case", &one]));
    assert_eq!(alone["requests"], 150);
    for (arguments, code, message) in [
        (&["--case", &one][..], 4, "no demand.generator"),
        (&["--town", "namie", "--seeds", "1"], 2, "--seeds"),
        (&["--case", &one, &folder.join("none").display().to_string()], 4, "nodes.csv"),
    ] {
        let output = compare(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(error_of(&output).contains(message), "{}", error_of(&output));
    }
    let output = noriai(&["compare", "--town", "namie", "--policies", "nearest,taxi"]);
    assert_eq!(output.status.code(), Some(4));
    let error = error_of(&output);
    assert!(error.contains("--policies taxi: not known; give one of nearest, insertion"), "{error}");
}

#[test]
fn wrong_usage_exits_with_2() {
    for arguments in [&["run"][..], &["run", "--town", "namie", "x.json"], &["run", "--town", "atlantis"], &["fly"]] {
        assert_eq!(noriai(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_day_without_service_exits_with_3() {
    let (_, json) = noriai::scenario::TOWNS[0];
    let mut scenario: Value = serde_json::from_str(json).expect("JSON");
    scenario["service"]["hours"] = Value::Array(Vec::new());
    let file = folder("closed").join("closed.json");
    fs::write(&file, scenario.to_string()).expect("written");
    let output = noriai(&["run", file.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(3), "{}", error_of(&output));
}

#[test]
fn bad_input_exits_with_4_and_names_every_problem() {
    let (_, json) = noriai::scenario::TOWNS[0];
    let mut scenario: Value = serde_json::from_str(json).expect("JSON");
    scenario["fleet"]["vehicles"][2]["seats"] = 0.into();
    scenario["fleet"]["vehicles"][2]["wheelchair_places"] = 0.into();
    scenario["service"]["detour_factor"] = 0.5.into();
    let folder = folder("bad");
    let run = |text: &str| {
        let file = folder.join("bad.json");
        fs::write(&file, text).expect("written");
        let output = noriai(&["run", file.to_str().expect("UTF-8")]);
        assert_eq!(output.status.code(), Some(4));
        error_of(&output)
    };
    let error = run(&scenario.to_string());
    assert!(error.contains("fleet.vehicles[2].seats") && error.contains("service.detour_factor"), "{error}");
    scenario["fleet"]["vehicles"][1]["colour"] = "red".into();
    assert!(run(&scenario.to_string()).contains("fleet.vehicles[1]"), "{error}");
    assert!(run("{").contains("line 1"));
    let mut scenario: Value = serde_json::from_str(json).expect("JSON");
    scenario["policies"]["matching"] = serde_json::json!({ "kind": "script", "source": "", "time_limit_ms": 1_000 });
    assert!(run(&scenario.to_string()).contains("runs only in the page"));
    assert_eq!(noriai(&["run", "missing.json"]).status.code(), Some(4));
}

#[test]
fn schema_prints_a_json_schema_of_every_field() {
    let schema = json_of(&noriai(&["schema"]));
    assert_eq!(schema["properties"]["network"]["$ref"], "#/$defs/Network");
    assert_eq!(schema["$defs"]["Battery"]["properties"]["capacity_kwh"]["type"], "number");
    assert_eq!(schema["$defs"]["Scenario"], Value::Null, "the document itself is the root");
}

#[test]
fn business_prints_an_account_and_takes_prices() {
    let output = noriai(&["business", "--town", "namie", "--seeds", "1"]);
    let text = String::from_utf8_lossy(&output.stdout);
    let people = ["Within 30 minutes of a clinic", "65 and over, expected", "From the oldest quarter of districts"];
    for words in ["Mobility", "Energy", "Both together", "What matters most"].into_iter().chain(people) {
        assert!(text.contains(words), "{words}: {text}");
    }

    let prices = folder("business").join("prices.json");
    let result = |list: &str| {
        fs::write(&prices, list).expect("a file");
        let prices = prices.to_str().expect("UTF-8");
        json_of(&noriai(&["business", "--town", "namie", "--seeds", "1", "--prices", prices, "--json"]))
    };
    let yen = |json: &Value| json["account"]["both"]["result_yen"].as_f64().expect("a result");
    let (usual, dearer) = (result("[]"), result(r#"[{ "key": "driver", "value": 2400 }]"#));
    let hours = usual["quantities"]["driver_h"].as_f64().expect("hours");
    assert!((yen(&usual) - yen(&dearer) - 100.0 * hours).abs() < 1e-3, "{} {}", yen(&usual), yen(&dearer));

    fs::write(&prices, r#"[{ "key": "drivr", "value": 2400 }]"#).expect("a file");
    let prices = prices.to_str().expect("UTF-8");
    let output = noriai(&["business", "--town", "namie", "--prices", prices]);
    let error = error_of(&output);
    assert!(
        output.status.code() == Some(4) && error.contains("business.prices[0].key") && error.contains("driver"),
        "{error}"
    );
}
