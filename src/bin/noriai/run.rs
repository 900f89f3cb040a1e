//! `noriai run`: one day and its figures.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use noriai::log::write::Writer;
use noriai::report::{self, Report};
use noriai::scenario::{self, ChargingPolicy, Clock, EnergyPrice, Scenario, Site};
use noriai::sim::Simulation;
use noriai::site::csv as series_csv;
use noriai::site::profile::Profile;
use noriai::study::{self, CutByPolicy, Days};
use noriai::world::World;

use crate::source::{Source, check, matching_policy, rebalancing_policy, row_problems};
use crate::{Failure, print, read_bytes};

#[derive(Args)]
pub struct Run {
    #[command(flatten)]
    source: Source,
    /// Matching policy, if not the scenario's: as in a scenario document, or one of its words alone.
    #[arg(long, value_name = "WORD|JSON")]
    policy: Option<String>,
    /// Rebalancing policy, in the same way.
    #[arg(long, value_name = "WORD|JSON")]
    rebalancing: Option<String>,
    /// Charging policy, if not the scenario's: as in a scenario document, or one of its words alone.
    #[arg(long, value_name = "WORD|JSON")]
    charging: Option<String>,
    /// Load of the first site's building, kW, instead of the scenario's; of a file with several columns CSV#COLUMN.
    #[arg(long, value_name = "CSV")]
    load: Option<String>,
    /// Power of its panels, kW, in the same way.
    #[arg(long, value_name = "CSV")]
    solar: Option<String>,
    /// Power of its wind turbines, kW.
    #[arg(long, value_name = "CSV")]
    wind: Option<String>,
    /// Its price of energy, yen per kWh, before fuel adjustment, levy and tax.
    #[arg(long, value_name = "CSV")]
    price: Option<String>,
    /// Contract for electricity of all sites, by name, if not the scenario's.
    #[arg(long, value_name = "NAME")]
    tariff: Option<String>,
    /// Live through the day under other charging policies too, and compare.
    #[arg(long)]
    compare: bool,
    /// A power cut from this time, under every charging policy.
    #[arg(long, value_name = "HH:MM")]
    cut: Option<String>,
    /// Its length in hours.
    #[arg(long, default_value_t = 24.0, requires = "cut", value_parser = cut_hours)]
    cut_hours: f64,
    /// 365 days from the scenario's date on, each of which begins as the one before has ended.
    #[arg(long, conflicts_with_all = ["out", "cut"])]
    year: bool,
    /// Generated demand times F instead of the scenario's factor; vans and supervisors grow in step with its `growth`.
    #[arg(long, value_name = "F", conflicts_with = "requests")]
    growth: Option<f64>,
    /// Seed, if not the scenario's.
    #[arg(long)]
    seed: Option<u64>,
    /// Folder for report.json, log.csv and the tables to check it by.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

impl Run {
    /// Lives through the day and prints what it was.
    pub fn run(&self) -> Result<(), Failure> {
        let (mut scenario, names) = self.source.scenario()?;
        if let Some(seed) = self.seed {
            scenario.seed = seed;
        }
        if let Some(factor) = self.growth {
            scenario.grow(factor);
            let (factor, vans) = (scenario.demand.factor, scenario.fleet.vehicles.len());
            eprintln!("growth: {factor} x demand, {vans} vans");
        }
        if let Some(text) = &self.policy {
            let matching = &mut scenario.policies.matching;
            *matching = matching_policy("--policy", text, matching)?;
        }
        if let Some(text) = &self.rebalancing {
            let rebalancing = &mut scenario.policies.rebalancing;
            *rebalancing = rebalancing_policy("--rebalancing", text, rebalancing)?;
        }
        if let Some(text) = &self.charging {
            scenario.policies.charging = charging_policy(text, scenario.policies.charging.below_soc())?;
        }
        if let Some(id) = &self.tariff {
            let presets = scenario::tariffs();
            let preset = presets.iter().find(|preset| preset.id == *id).ok_or_else(|| {
                let known: Vec<&str> = presets.iter().map(|preset| preset.id.as_str()).collect();
                Failure::BadInput(format!("--tariff {id}: not known; give one of {}", known.join(", ")))
            })?;
            for site in scenario.depots.iter_mut().filter_map(|depot| depot.site.as_mut()) {
                site.tariff = preset.tariff.clone();
            }
        }
        self.own_series(&mut scenario)?;
        check(&scenario)?;
        let energy = [("--compare", self.compare), ("--cut", self.cut.is_some()), ("--tariff", self.tariff.is_some())];
        for (option, _) in energy.into_iter().filter(|&(_, given)| given) {
            site_of(&mut scenario, option)?;
        }

        let begin = Instant::now();
        let world = Arc::new(World::new(&scenario));
        let prepare_s = begin.elapsed().as_secs_f64();
        if self.year {
            return self.year(&world);
        }
        let begin = Instant::now();
        let mut simulation = Simulation::new(Arc::clone(&world));
        let forecast = simulation.forecast().cloned();
        while !simulation.step(u32::MAX) {}
        let log = simulation.into_log();
        let wall_s = begin.elapsed().as_secs_f64();
        let mut days =
            (self.compare || self.cut.is_some()).then(|| Days::new(Arc::clone(&world), log.clone(), forecast));
        let report = match &mut days {
            Some(days) if self.compare => days.compared_report(),
            _ => report::report(&world, &log),
        };

        let mut json = serde_json::to_value(&report).expect("a report is JSON");
        json["town"] = scenario.name.en.clone().into();
        json["seed"] = scenario.seed.into();
        json["policies"] = serde_json::to_value(&scenario.policies).expect("policies are JSON");
        if let Some(traffic) = &scenario.network.traffic {
            json["traffic"] = serde_json::to_value(traffic).expect("factors are JSON");
        }
        if world.is_disturbed() {
            json["wait_for_rider_s"] = scenario.service.patience().s().into();
            json["repair_s"] = scenario.fleet.breakdowns.as_ref().map(|breakdowns| breakdowns.repair_s).into();
        }
        json["phone"] = serde_json::to_value(&scenario.service.phone).expect("a phone is JSON");
        let drivers = scenario.fleet.drivers.as_ref();
        json["work_rules"] =
            serde_json::to_value(drivers.and_then(|drivers| drivers.rules.as_ref())).expect("rules are JSON");
        json["supervision"] = serde_json::to_value(&scenario.service.supervision).expect("supervision is JSON");
        json["prepare_s"] = prepare_s.into();
        json["wall_s"] = wall_s.into();
        if let (Some(text), Some(days)) = (&self.cut, &mut days) {
            let from = Clock::parse(text).ok_or_else(|| {
                Failure::BadInput(format!("--cut {text}: not a clock time; write hours and minutes, such as 15:00"))
            })?;
            let cuts = days.cuts(from.0, self.cut_hours);
            if !self.json {
                print(&cut_table(&cuts))?;
            }
            json["power_cuts"] = serde_json::to_value(&cuts).expect("a power cut is JSON");
        }
        let json = serde_json::to_string_pretty(&json).expect("a report is JSON");
        if let Some(folder) = &self.out {
            let writer = Writer { world: &world, log: &log, names: names.as_ref() };
            write_all(folder, &json, &writer)
                .map_err(|error| Failure::BadInput(format!("--out {}: {error}", folder.display())))?;
        }
        if self.json { print(&json) } else { print(&table(&scenario, &report, prepare_s, wall_s)) }
    }

    /// Puts series of files in the place of the first site's own.
    fn own_series(&self, scenario: &mut Scenario) -> Result<(), Failure> {
        if let Some(file) = &self.load {
            let site = site_of(scenario, "--load")?;
            // A load that was measured has its seasons in it.
            (site.load_kw, site.load_by_month) = (series("--load", file, false)?, [1.0; 12]);
        }
        if let Some(file) = &self.solar {
            let panels = site_of(scenario, "--solar")?.solar.as_mut();
            panels.ok_or_else(|| missing("--solar", "depots[].site.solar"))?.power_kw =
                Some(series("--solar", file, false)?);
        }
        if let Some(file) = &self.wind {
            let turbines = site_of(scenario, "--wind")?.wind.as_mut();
            turbines.ok_or_else(|| missing("--wind", "depots[].site.wind"))?.power_kw =
                Some(series("--wind", file, false)?);
        }
        if let Some(file) = &self.price {
            let tariff = &mut site_of(scenario, "--price")?.tariff;
            let spot_yen_per_kwh = series("--price", file, true)?;
            tariff.energy = EnergyPrice::Market { spot_yen_per_kwh, loss: 0.0, adder_yen_per_kwh: 0.0 };
        }
        Ok(())
    }

    /// A year under the scenario's charging policy, and under `immediate` if that is asked for.
    fn year(&self, world: &World) -> Result<(), Failure> {
        let live = |world: &World| study::year(world, 365).map_err(|text| Failure::BadInput(text.en));
        let own = live(world)?;
        let mut json = serde_json::to_value(&own).expect("a report is JSON");
        if self.compare {
            let below_soc = world.scenario.policies.charging.below_soc();
            let other = live(&world.with(|scenario| {
                scenario.policies.charging = ChargingPolicy::Immediate { below_soc };
            }))?;
            json["immediate"] = serde_json::to_value(&other).expect("a report is JSON");
            json["saving_yen"] = (other.total_yen - own.total_yen).into();
        }
        print(&serde_json::to_string_pretty(&json).expect("a report is JSON"))
    }
}

/// Length of a power cut.
fn cut_hours(text: &str) -> Result<f64, String> {
    let hours = text.parse().ok().filter(|hours| *hours > 0.0 && *hours <= 168.0);
    hours.ok_or_else(|| "a number of hours above 0, at most 168 (a week)".into())
}

/// A charging policy from the command line: JSON as in a scenario, or a word, with usual parameters.
pub fn charging_policy(text: &str, below_soc: f64) -> Result<ChargingPolicy, Failure> {
    let parameters = match text {
        "off_peak" => r#","from":"22:00","until":"32:00""#,
        "peak_cap" => r#","limit_kw":100"#,
        "optimal" => r#","discharge":true"#,
        "backup" => r#","hours":24"#,
        _ => "",
    };
    let json = match text.starts_with('{') {
        true => text.to_string(),
        false => format!(r#"{{"kind":"{text}","below_soc":{below_soc}{parameters}}}"#),
    };
    serde_json::from_str(&json).map_err(|error| Failure::BadInput(format!("--charging {text}: {error}")))
}

fn cut_table(cuts: &[CutByPolicy]) -> String {
    if cuts.is_empty() {
        return "power cut: no site has critical loads to carry".to_string();
    }
    let mut lines =
        vec![format!("{:<12}{:<16}{:>10}{:>14}{:>14}", "power cut", "site", "held h", "rides lost", "served else")];
    for CutByPolicy { policy, served, depot, cut } in cuts {
        lines.push(format!("{policy:<12}{depot:<16}{:>10.1}{:>14}{served:>14}", cut.held_h, cut.rides_lost));
    }
    lines.join("\n")
}

/// The first site with a contract; `option` needs one.
fn site_of<'s>(scenario: &'s mut Scenario, option: &str) -> Result<&'s mut Site, Failure> {
    let site = scenario.depots.iter_mut().find_map(|depot| depot.site.as_mut());
    site.ok_or_else(|| missing(option, "depots[].site"))
}

fn missing(option: &str, field: &str) -> Failure {
    Failure::BadInput(format!("{option}: the scenario has no {field}; add it"))
}

/// Reads a series from a file, or from a column of it: `FILE` or `FILE#COLUMN`.
fn series(option: &str, given: &str, allow_negative: bool) -> Result<Profile, Failure> {
    let (file, column) = match given.rsplit_once('#') {
        Some((file, column)) if !Path::new(given).exists() => (file, Some(column)),
        _ => (given, None),
    };
    let path = Path::new(file);
    let imported = series_csv::import(&read_bytes(path)?, column, allow_negative);
    if imported.problems.is_empty() {
        Ok(Profile(imported.values))
    } else {
        Err(row_problems(option, path, &imported.problems))
    }
}

fn write_all(folder: &Path, json: &str, writer: &Writer) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("report.json"), json)?;
    let file = |name: &str| File::create(folder.join(name));
    writer.rows(file("log.csv")?)?;
    writer.requests(file("requests.csv")?)?;
    writer.nodes(file("nodes.csv")?)?;
    writer.edges(file("edges.csv")?)?;
    writer.vehicles(file("vehicles.csv")?)?;
    writer.areas(file("areas.csv")?)?;
    writer.hubs(file("hubs.csv")?)?;
    writer.shifts(file("shifts.csv")?)?;
    writer.timetable(file("timetable.csv")?)?;
    writer.sessions(file("sessions.csv")?)?;
    writer.flows(file("flows.csv")?)?;
    writer.site(file("site.csv")?)?;
    Ok(())
}

/// A line for each figure.
fn figure_lines(figures: &[report::Figure], values: &serde_json::Value, lines: &mut Vec<String>) {
    for figure in figures {
        let value = match (values[&figure.key].as_f64(), figure.unit.as_str()) {
            (None, _) => "-".to_string(),
            (Some(value), "share") => format!("{:.1} %", value * 100.0),
            (Some(value), "") if value.fract() == 0.0 => format!("{value:.0}"),
            (Some(value), "") => format!("{value:.2}"),
            (Some(value), unit) => format!("{value:.1} {unit}"),
        };
        lines.push(format!("{:<24}{value:>14}   {}", figure.name.en, figure.definition.en));
    }
}

/// The report for reading: each figure with its unit and definition.
fn table(scenario: &Scenario, report: &Report, prepare_s: f64, wall_s: f64) -> String {
    let mut lines = vec![format!("{}, {}", scenario.name.en, scenario.day.date), String::new()];
    figure_lines(&report::figures(), &serde_json::to_value(report).expect("a report is JSON"), &mut lines);
    for site in &report.sites {
        let name = site.name.as_ref().map_or(site.depot.as_str(), |name| name.en.as_str());
        lines.push(format!("\nEnergy of {name}"));
        figure_lines(&report::site_figures(), &serde_json::to_value(site).expect("a report is JSON"), &mut lines);
    }
    for plans in report.sites.iter().filter_map(|site| site.plans.as_ref()) {
        lines.push(format!(
            "\n{} schedules, proven to {:.1e} of their cost; the first was to cost {:.1} yen, its parts came to {:.1} yen",
            plans.count, plans.gap_rel, plans.planned_yen, plans.realised_yen
        ));
    }
    for other in &report.compared {
        let saving = report.sites.iter().map(|site| site.total_yen).sum::<f64>() - other.total_yen;
        let against = serde_json::to_value(other.against).expect("a word");
        lines.push(format!(
            "\nAgainst {:<16}{:>14}   served {}, peak {:.1} kW",
            against.as_str().unwrap_or_default(),
            format!("{saving:+.1} yen"),
            other.served,
            other.peak_kw
        ));
    }
    if !report.refused_by.is_empty() {
        lines.push(String::new());
        lines.push("Refused, by the limit that the nearest miss broke".to_string());
        for by in &report.refused_by {
            let limit = serde_json::to_value(by.limit).expect("a word");
            lines.push(format!("{:<24}{:>14}", limit.as_str().unwrap_or_default(), by.count));
        }
    }
    lines.push(String::new());
    lines.push(format!("log {}   prepared in {prepare_s:.3} s, simulated in {wall_s:.3} s", report.log_hash));
    lines.join("\n")
}
