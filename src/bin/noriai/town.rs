//! `noriai town`: a town on the roads of a map, or of driving times from elsewhere, as a scenario.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use noriai::files::{self, FileKind};
use noriai::roads::{Notes, Reader};
use noriai::scenario::{Problem, Scenario};
use noriai::town::own::{self, Places};
use noriai::town::{self, Place, Spec, matrix};

use crate::source::row_problems;
use crate::weights::{weigh, write};
use crate::{Failure, read_bytes};

/// Bytes read at once.
const PIECE: usize = 1 << 20;

#[derive(Args)]
#[command(group = clap::ArgGroup::new("ways").required(true).args(["roads", "matrix"]))]
pub struct Town {
    /// Roads: .osm.pbf or .osm of OpenStreetMap, JSON of Overpass, or GeoJSON.
    #[arg(long, value_name = "FILE")]
    roads: Option<PathBuf>,
    /// Driving times instead, between the places of --stops (from,to,time_s and, if known, distance_m).
    #[arg(long, value_name = "CSV", requires = "stops")]
    matrix: Option<PathBuf>,
    /// Stops of one's own (id,name,lat,lng; a row whose kind is depot is the depot); GTFS's stops.txt will do.
    #[arg(long, value_name = "CSV")]
    stops: Option<PathBuf>,
    /// Points with a number of people or a floor area, which stops then draw demand by (CSV or GeoJSON).
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// The file has latitude and longitude the wrong way round.
    #[arg(long, requires = "roads")]
    swap: bool,
    /// Only roads within it, in degrees.
    #[arg(long, value_name = "W,S,E,N", value_parser = area, allow_hyphen_values = true, requires = "roads")]
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
    /// Writes the scenario, and says what became of the files.
    pub fn run(&self) -> Result<(), Failure> {
        let spec = self.spec()?;
        let mut scenario = match (&self.matrix, &self.roads) {
            (Some(path), _) => of_matrix(path, &spec)?,
            (None, Some(path)) => of_roads(path, self.swap, &spec)?,
            (None, None) => unreachable!("the parser demands one of them"),
        };
        if let Some(path) = &self.weights {
            weigh(&mut scenario, path)?;
        }
        write(&scenario, &self.out)
    }

    fn spec(&self) -> Result<Spec, Failure> {
        let file = self.roads.as_ref().or(self.matrix.as_ref()).and_then(|path| path.file_name());
        let own = file.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let places = match &self.stops {
            Some(path) => own::read(&read_bytes(path)?).map_err(|problems| row_problems("--stops", path, &problems))?,
            None => Places { stops: Vec::new(), depot: None },
        };
        Ok(Spec {
            name: self.name.clone().unwrap_or_else(|| own.split('.').next().unwrap_or_default().to_owned()),
            area: self.area,
            stops_every_m: self.stops_every,
            stops: places.stops,
            depot: places.depot,
            vehicles: self.vehicles,
            requests: self.requests,
            seed: self.seed,
        })
    }
}

/// A town on the roads of a map.
fn of_roads(path: &Path, swap: bool, spec: &Spec) -> Result<Scenario, Failure> {
    let bad = |message: &str| Failure::BadInput(format!("--roads {}: {message}", path.display()));
    let begin = Instant::now();
    let mut reader = Reader::new(swap);
    let mut file = File::open(path).map_err(|error| bad(&error.to_string()))?;
    let bytes = file.metadata().map_err(|error| bad(&error.to_string()))?.len();
    if let Some(wrong) = files::too_large(FileKind::Roads, bytes) {
        return Err(bad(&wrong.en));
    }
    let mut piece = vec![0; PIECE];
    loop {
        let length = file.read(&mut piece).map_err(|error| bad(&error.to_string()))?;
        if length == 0 {
            break;
        }
        reader.feed(&piece[..length]).map_err(|wrong| bad(&wrong.en))?;
    }
    let read_s = begin.elapsed().as_secs_f64();
    let roads = reader.finish().map_err(|wrong| bad(&wrong.en))?;
    let (network, notes) = roads.network(spec.area, town::SPEEDS_KMH).map_err(|wrong| bad(&wrong.en))?;
    let network_s = begin.elapsed().as_secs_f64() - read_s;
    let scenario = town::scenario(network, &notes, spec).map_err(as_options)?;
    let town_s = begin.elapsed().as_secs_f64() - read_s - network_s;
    eprintln!("{}", report(&notes, &scenario));
    eprintln!("read {read_s:.3} s, network {network_s:.3} s, town {town_s:.3} s");
    Ok(scenario)
}

/// A town of driving times between its stops.
fn of_matrix(path: &Path, spec: &Spec) -> Result<Scenario, Failure> {
    let places: Vec<Place> = spec.stops.iter().chain(&spec.depot).cloned().collect();
    let matrix =
        matrix::read(&places, &read_bytes(path)?).map_err(|problems| row_problems("--matrix", path, &problems))?;
    let matrix::Notes { pairs, missing, missing_pairs, shortened, most_s, most_pair, without_length } = &matrix.notes;
    eprintln!("read     {pairs} pairs of {} places, {without_length} without a distance", places.len());
    if *missing > 0 {
        let named: Vec<String> = missing_pairs.iter().map(|[from, to]| format!("{from} to {to}")).collect();
        let more = if *missing as usize > named.len() { " …" } else { "" };
        eprintln!("missing  {missing} pairs, driven through other places: {}{more}", named.join(", "));
    }
    if let Some([from, to]) = most_pair {
        eprintln!(
            "shorter  {shortened} pairs through another place than by their own time, which is how vans drive; most {from} to {to}, by {most_s:.0} s"
        );
    }
    town::of_matrix(matrix, spec).map_err(as_options)
}

/// Fields have the names of options, but for the distance of stops.
fn as_options(mut problems: Vec<Problem>) -> Failure {
    let option = |path: &str| format!("--{}", path.trim_end_matches("_m").replace('_', "-"));
    problems.iter_mut().for_each(|problem| problem.path = option(&problem.path));
    Failure::from(problems)
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
