//! `noriai town`: a town on the roads of a map, as a scenario.

use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use noriai::roads::{Notes, Reader};
use noriai::scenario::Scenario;
use noriai::town::{self, Spec};

use crate::Failure;

/// Bytes read at once.
const PIECE: usize = 1 << 20;

#[derive(Args)]
pub struct Town {
    /// Roads: .osm.pbf or .osm of OpenStreetMap, JSON of Overpass, or GeoJSON.
    #[arg(long, value_name = "FILE")]
    roads: PathBuf,
    /// Only roads within it, in degrees.
    #[arg(long, value_name = "W,S,E,N", value_parser = area, allow_hyphen_values = true)]
    area: Option<[f64; 4]>,
    /// Every point of the roads has a stop within about so many metres.
    #[arg(long, value_name = "M", default_value_t = Spec::default().stops_every_m)]
    stops_every: f64,
    /// Number of vans.
    #[arg(long, value_name = "N", default_value_t = Spec::default().vehicles)]
    vehicles: u32,
    /// Requests a day.
    #[arg(long, value_name = "N", default_value_t = Spec::default().requests)]
    requests: u32,
    /// Seed of the day.
    #[arg(long, value_name = "N", default_value_t = Spec::default().seed)]
    seed: u64,
    /// Name of the town; that of the file if absent.
    #[arg(long)]
    name: Option<String>,
    /// Where the scenario goes.
    #[arg(long, value_name = "FILE.json")]
    out: PathBuf,
}

impl Town {
    /// Writes the scenario, and says what became of the roads.
    pub fn run(&self) -> Result<(), Failure> {
        let begin = Instant::now();
        let mut reader = Reader::default();
        self.feed(&mut reader)?;
        let read_s = begin.elapsed().as_secs_f64();

        let spec = self.spec();
        let roads = reader.finish().map_err(|wrong| self.bad(&wrong.en))?;
        let (network, notes) = roads.network(spec.area, town::SPEEDS_KMH).map_err(|wrong| self.bad(&wrong.en))?;
        let network_s = begin.elapsed().as_secs_f64() - read_s;
        let scenario = town::scenario(network, &notes, &spec).map_err(|mut problems| {
            // Fields have the names of options, but for the distance of stops.
            let option = |path: &str| format!("--{}", path.trim_end_matches("_m").replace('_', "-"));
            problems.iter_mut().for_each(|problem| problem.path = option(&problem.path));
            Failure::from(problems)
        })?;
        let town_s = begin.elapsed().as_secs_f64() - read_s - network_s;
        let json = serde_json::to_string(&scenario).expect("a scenario is JSON");
        let out = self.out.display();
        fs::write(&self.out, json).map_err(|error| Failure::BadInput(format!("--out {out}: {error}")))?;
        eprintln!("{}", report(&notes, &scenario));
        eprintln!("read {read_s:.3} s, network {network_s:.3} s, town {town_s:.3} s; written to {out}");
        Ok(())
    }

    fn spec(&self) -> Spec {
        let own = self.roads.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Spec {
            name: self.name.clone().unwrap_or_else(|| own.split('.').next().unwrap_or_default().to_owned()),
            area: self.area,
            stops_every_m: self.stops_every,
            vehicles: self.vehicles,
            requests: self.requests,
            seed: self.seed,
            ..Spec::default()
        }
    }

    fn feed(&self, reader: &mut Reader) -> Result<(), Failure> {
        let mut file = File::open(&self.roads).map_err(|error| self.bad(&error.to_string()))?;
        let mut piece = vec![0; PIECE];
        loop {
            let length = file.read(&mut piece).map_err(|error| self.bad(&error.to_string()))?;
            if length == 0 {
                return Ok(());
            }
            reader.feed(&piece[..length]).map_err(|wrong| self.bad(&wrong.en))?;
        }
    }

    fn bad(&self, message: &str) -> Failure {
        Failure::BadInput(format!("--roads {}: {message}", self.roads.display()))
    }
}

/// West, south, east and north, between commas.
fn area(text: &str) -> Result<[f64; 4], String> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
    let numbers = numbers.and_then(|numbers| <[f64; 4]>::try_from(numbers).ok());
    numbers
        .ok_or_else(|| "give four numbers in degrees, west, south, east, north, such as 24.93,60.16,24.97,60.18".into())
}

fn report(notes: &Notes, scenario: &Scenario) -> String {
    let Notes { nodes_read, roads_read, closed, reversible, areas, ferries, turn_restrictions, cut, .. } = notes;
    let Notes { nodes, edges, km, dropped_points, dropped_km, .. } = notes;
    let (all, stops) = (scenario.network.nodes.len(), scenario.stops.len());
    [
        format!("read     {nodes_read} points, {roads_read} roads for vans"),
        format!("left out {closed} roads closed to vans or within yards, {reversible} reversible, {areas} squares, {ferries} ferries"),
        format!("ignored  {turn_restrictions} turn restrictions"),
        format!("cut      {cut} roads at the rim"),
        format!("kept     {km:.1} km: {nodes} nodes, {edges} edges"),
        format!("dropped  {dropped_km:.1} km, {dropped_points} points, without a way there and back"),
        format!("town     {stops} stops, {} vans; {all} nodes with those for stops", scenario.fleet.vehicles.len()),
    ]
    .join("\n")
}
