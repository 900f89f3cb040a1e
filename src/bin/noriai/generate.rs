//! `noriai generate`: a large case on a grid town, as plain tables.

use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use noriai::generate::{self, Case, Spec};

use crate::{Failure, print};

#[derive(Args)]
pub struct Generate {
    /// Number of requests.
    #[arg(long, value_name = "N")]
    requests: u32,
    /// Number of vans.
    #[arg(long, value_name = "N")]
    vehicles: u32,
    /// Road nodes, about; if absent, so many that there are 15 vans for each km².
    #[arg(long, value_name = "N")]
    nodes: Option<u32>,
    /// Hours in which requests come.
    #[arg(long, default_value_t = 1.0)]
    hours: f64,
    /// Weights of equal parts of these hours, such as 1,3,2.
    #[arg(long, value_name = "WEIGHTS", value_delimiter = ',', default_value = "1")]
    profile: Vec<f64>,
    /// Weights of parties of one, two, three … passengers, such as 0.8,0.15,0.05.
    #[arg(long, value_name = "WEIGHTS", value_delimiter = ',', default_value = "1")]
    parties: Vec<f64>,
    /// Seats of each van.
    #[arg(long, default_value_t = 4)]
    seats: u32,
    /// Where vans stand at the begin: anywhere, or where rides begin.
    #[arg(long, value_enum, default_value_t = Start::Even)]
    start: Start,
    /// Mean length of rides as the crow flies, km, about; the town's rim and centres change it.
    #[arg(long, default_value_t = 2.4)]
    trip_km: f64,
    /// Seed of everything that is drawn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for nodes.csv, edges.csv, requests.csv and vehicles.csv.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Start {
    Even,
    Demand,
}

impl Generate {
    /// Writes the tables and says what town it is.
    pub fn run(&self) -> Result<(), Failure> {
        let spec = Spec {
            requests: self.requests,
            vehicles: self.vehicles,
            nodes: self.nodes,
            hours: self.hours,
            profile: self.profile.clone(),
            parties: self.parties.clone(),
            seats: self.seats,
            start: match self.start {
                Start::Even => generate::Start::Even,
                Start::Demand => generate::Start::Demand,
            },
            trip_km: self.trip_km,
            seed: self.seed,
        };
        let case = Case::new(&spec).map_err(|mut problems| {
            // Fields have the names of options.
            problems.iter_mut().for_each(|problem| problem.path = format!("--{}", problem.path.replace('_', "-")));
            Failure::from(problems)
        })?;
        let folder = self.out.display();
        let failure = |error: std::io::Error| Failure::BadInput(format!("--out {folder}: {error}"));
        fs::create_dir_all(&self.out).map_err(failure)?;
        for (name, text) in case.tables() {
            fs::write(self.out.join(name), text).map_err(failure)?;
        }
        let (nodes, edges, area_km2) = (case.nodes.len(), case.edges.len(), case.area_km2);
        let density = f64::from(self.vehicles) / area_km2;
        print(&format!(
            "{folder}: {nodes} nodes, {edges} edges, {area_km2:.1} km², {density:.1} vans/km², {} requests in {} h",
            self.requests, self.hours
        ))
    }
}
