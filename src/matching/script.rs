//! A policy that the user writes in JavaScript.
//!
//! Nothing here knows JavaScript: the simulation stops with an open [`Question`], whoever runs it brings back a list of
//! [`Assignment`]s, and [`decide`] checks each like any other place, with the search of `fleet`. So no such policy can break a
//! limit. An answer that cannot be carried out becomes a [`Fault`](crate::log::Fault); for the rest of the day [`FALLBACK`] decides.

use serde::{Deserialize, Serialize};

use super::{Decision, Refusal, Snapshot, best_place, hopeless, insertion};
use crate::demand::Request;
use crate::fleet::{Action, Insertion, Load, Miss, Search};
use crate::log::Limit;
use crate::objective::Objective;
use crate::scenario::Text;
use crate::units::{RequestId, Time, VehicleId};
use crate::world::World;

/// Where nobody can be asked, or an answer was broken: the cheapest place in any van's plan, with this look at the rider's time.
pub const FALLBACK: Objective = Objective::weighing(0.5, 0.5);

/// How long an answer may take where the scenario does not say: much for a person who waits, and for a computer.
pub(super) fn usual_time_limit_ms() -> u32 {
    1_000
}

/// What the policy is asked: which van takes which of these requests. Times in seconds from midnight.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Question {
    /// The time.
    pub now_s: f64,
    /// Requests to be answered, in the order of their calls.
    pub requests: Vec<QuestionRequest>,
    /// All vans, by number.
    pub vans: Vec<QuestionVan>,
}

/// A request to be answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct QuestionRequest {
    /// Its number.
    pub id: u32,
    /// Stop where it begins, by its position in the scenario.
    pub origin: u32,
    /// Stop where it ends.
    pub destination: u32,
    /// Node of `origin`.
    pub origin_node: u32,
    /// Node of `destination`.
    pub destination_node: u32,
    /// Earliest pick-up.
    pub earliest_s: f64,
    /// Latest pick-up.
    pub latest_pickup_s: f64,
    /// Latest drop-off.
    pub latest_dropoff_s: f64,
    /// Longest time aboard, if limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub max_ride_s: Option<f64>,
    /// Driving time without a detour.
    pub direct_s: f64,
    /// How long the van stands to let the party on, and again to let it off.
    pub dwell_s: f64,
    /// Who rides.
    pub party: Load,
    /// Every place that the core would accept, with the vans' plans as they are: by van, then by gaps.
    pub places: Vec<QuestionPlace>,
}

/// A place for a request in a van's plan; an [`Assignment`] with what it would bring.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct QuestionPlace {
    /// Number of the request.
    pub request: u32,
    /// Number of the van.
    pub vehicle: u32,
    /// Gap of the van's plan for the pick-up.
    pub pickup_gap: u32,
    /// Gap for the drop-off, counted without the pick-up.
    pub dropoff_gap: u32,
    /// Begin of boarding.
    pub pickup_s: f64,
    /// Begin of alighting.
    pub dropoff_s: f64,
    /// Driving time added to the van's plan.
    pub added_drive_s: f64,
}

/// A van at the time of the question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct QuestionVan {
    /// Its number.
    pub id: u32,
    /// Where it is, or the next node of the road it is on.
    pub node: u32,
    /// When it is there and free to go.
    pub ready_s: f64,
    /// Who is aboard then.
    pub load: Load,
    /// Energy in the battery, kWh; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub energy_kwh: Option<f64>,
    /// Its day is over; it takes no more riders.
    pub done: bool,
    /// Stops ahead, in order. Gap `k` of a plan is before stop `k`, the last gap is the end.
    pub plan: Vec<QuestionStop>,
}

/// A stop ahead of a van.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct QuestionStop {
    /// Whose stop.
    pub request: u32,
    /// On or off.
    pub action: Action,
    /// Where.
    pub node: u32,
    /// Planned begin of boarding or alighting.
    pub start_s: f64,
    /// Latest begin that keeps every promise made.
    pub latest_s: f64,
    /// How long the van stands.
    pub dwell_s: f64,
}

/// What does not change during the day; the policy gets it once.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct QuestionTown {
    /// Longitude and latitude of each node.
    pub nodes: Vec<[f64; 2]>,
    /// Node of each stop.
    pub stops: Vec<u32>,
    /// Node of each depot.
    pub depots: Vec<u32>,
    /// The vans, by number.
    pub vans: Vec<TownVan>,
    /// Opening of the service.
    pub opens_s: f64,
    /// Closing of the service.
    pub closes_s: f64,
}

/// What does not change about a van.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct TownVan {
    /// Its name, as on the map.
    pub name: String,
    /// Seats, wheelchair places and places for parcels.
    pub capacity: Load,
    /// Highest speed of a van without a driver, km/h: its driving times are longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub max_speed_kmh: Option<f64>,
    /// Node of its depot, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub home: Option<u32>,
    /// Capacity of the battery, kWh, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub capacity_kwh: Option<f64>,
    /// What has to stay in the battery, kWh.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub reserve_kwh: Option<f64>,
}

/// One request to one van, or one of the places that the question lists. Requests that are not assigned are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Assignment {
    /// Number of the request.
    pub request: u32,
    /// Number of the van.
    pub vehicle: u32,
    /// Gap of the van's plan for the pick-up. Without gaps, the place that adds least driving is taken.
    #[serde(default)]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub pickup_gap: Option<u32>,
    /// Gap for the drop-off, counted without the pick-up: equal gaps mean one right after the other.
    #[serde(default)]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub dropoff_gap: Option<u32>,
}

/// The open requests that some van might serve: the others are not asked about.
pub fn asked(snapshot: &Snapshot) -> Vec<RequestId> {
    let mut asked = snapshot.open.to_vec();
    asked.retain(|&id| hopeless(snapshot.world, snapshot.request(id)).is_none());
    asked
}

/// The question that a snapshot is.
pub fn question(snapshot: &Snapshot) -> Question {
    let request = |id: RequestId| {
        let request = snapshot.request(id);
        QuestionRequest {
            id: id.0,
            origin: request.origin.0,
            destination: request.destination.0,
            origin_node: request.origin_node.0,
            destination_node: request.destination_node.0,
            earliest_s: request.earliest.s(),
            latest_pickup_s: request.latest_pickup.s(),
            latest_dropoff_s: request.latest_dropoff.s(),
            max_ride_s: request.max_ride.map(Time::s),
            direct_s: request.direct.s(),
            dwell_s: request.dwell.s(),
            party: request.party,
            places: places(snapshot, id),
        }
    };
    let vans = snapshot.vans.iter().enumerate().map(|(index, van)| QuestionVan {
        id: index as u32,
        node: van.at.node.0,
        ready_s: van.at.ready.max(snapshot.now).s(),
        load: van.at.load,
        energy_kwh: van.energy_kwh.is_finite().then_some(van.energy_kwh),
        done: van.done,
        plan: van
            .plan
            .stops()
            .iter()
            .zip(van.plan.schedule().zip(van.plan.latest()))
            .map(|(stop, (start, latest))| QuestionStop {
                request: stop.request.0,
                action: stop.action,
                node: stop.node.0,
                start_s: start.s(),
                latest_s: latest.s(),
                dwell_s: stop.dwell.s(),
            })
            .collect(),
    });
    Question {
        now_s: snapshot.now.s(),
        requests: asked(snapshot).into_iter().map(request).collect(),
        vans: vans.collect(),
    }
}

/// All feasible places for a request: O(vans x stops²).
fn places(snapshot: &Snapshot, id: RequestId) -> Vec<QuestionPlace> {
    let vans = snapshot.vans;
    let request = snapshot.request(id);
    let mut places = Vec::new();
    for (index, van) in vans.iter().enumerate().filter(|(_, van)| !van.done) {
        let vehicle = VehicleId(index as u32);
        let search = snapshot.search(vehicle);
        if search.soonest_arrival(request) > request.latest_pickup {
            continue;
        }
        let stops = van.plan.stops().len();
        for (pickup_gap, dropoff_gap) in
            (0..=stops).flat_map(|pickup| (pickup..=stops).map(move |dropoff| (pickup, dropoff)))
        {
            if let Ok(place) = search.try_gaps(request, pickup_gap, dropoff_gap) {
                places.push(QuestionPlace {
                    request: id.0,
                    vehicle: vehicle.0,
                    pickup_gap: pickup_gap as u32,
                    dropoff_gap: dropoff_gap as u32,
                    pickup_s: place.pickup_at.s(),
                    dropoff_s: place.dropoff_at.s(),
                    added_drive_s: place.added_drive.s(),
                });
            }
        }
    }
    places
}

/// What a policy gets once.
pub fn town(world: &World) -> QuestionTown {
    let nodes = (0..world.roads.node_count() as u32).map(|node| {
        let (lat, lng) = world.roads.position(crate::units::NodeId(node));
        [lng, lat]
    });
    let vans = world.vans.iter().zip(&world.scenario.fleet.vehicles).map(|(spec, vehicle)| TownVan {
        name: vehicle.id.clone(),
        capacity: spec.capacity,
        max_speed_kmh: spec.driverless.as_ref().map(|driverless| world.slow[driverless.ways].speed_kmh),
        home: spec.home.map(|node| node.0),
        capacity_kwh: spec.battery.map(|battery| battery.capacity_kwh),
        reserve_kwh: spec.battery.map(|battery| battery.reserve_kwh),
    });
    let (opens, closes) = world.hours.unwrap_or_default();
    QuestionTown {
        nodes: nodes.collect(),
        stops: world.scenario.stops.iter().map(|stop| stop.node).collect(),
        depots: world.depots.iter().map(|depot| depot.node.0).collect(),
        vans: vans.collect(),
        opens_s: opens.s(),
        closes_s: closes.s(),
    }
}

/// The decisions that an answer means, or what is wrong with it. Assignments to one van are made in their order.
pub fn decide(snapshot: &Snapshot, assignments: &[Assignment]) -> Result<Vec<Decision>, Text> {
    let Snapshot { world, open, .. } = *snapshot;
    let asked = asked(snapshot);
    let mut vans = snapshot.vans.to_vec();
    let mut changed: Vec<VehicleId> = Vec::new();
    let mut answers: Vec<Decision> = Vec::new();
    let mut taken: Vec<RequestId> = Vec::new();
    for assignment in assignments {
        let (id, vehicle) = (RequestId(assignment.request), VehicleId(assignment.vehicle));
        if !asked.contains(&id) {
            return Err(not_asked(id, &asked));
        }
        if taken.contains(&id) {
            return Err(Text::new(
                format!("申し込み{}が2回割り当てられています。", id.0),
                format!("request {} is assigned twice", id.0),
            ));
        }
        if vehicle.index() >= vans.len() {
            return Err(no_van(vehicle, vans.len()));
        }
        let planned = Snapshot { vans: &vans, ..*snapshot };
        let place = place(&planned.search(vehicle), snapshot.request(id), assignment).map_err(|reason| {
            let name = &world.scenario.fleet.vehicles[vehicle.index()].id;
            Text::new(
                format!("申し込み{}は番号{}の車両（{name}号車）に乗せられません。{}", id.0, vehicle.0, reason.ja),
                format!("request {} does not fit into vehicle {} (van {name}): {}", id.0, vehicle.0, reason.en),
            )
        })?;
        let (plan, promise) = planned.accept(id, vehicle, &place);
        vans[vehicle.index()].plan = plan;
        if !changed.contains(&vehicle) {
            changed.push(vehicle);
        }
        taken.push(id);
        answers.push(Decision::Accept { request: id, promise });
    }
    let after = Snapshot { vans: &vans, ..*snapshot };
    let refused = open.iter().filter(|id| !taken.contains(id)).map(|&id| refusal(&after, id).of(id));
    let plan = |vehicle: VehicleId| Decision::Plan { vehicle, plan: vans[vehicle.index()].plan.clone() };
    Ok(changed.into_iter().map(plan).chain(answers).chain(refused).collect())
}

/// Why a request that was not assigned is refused: because no van could take it, or because none was sent.
fn refusal(snapshot: &Snapshot, id: RequestId) -> Refusal {
    let request = snapshot.request(id);
    hopeless(snapshot.world, request).unwrap_or_else(|| {
        let best = best_place(snapshot, request, &FALLBACK, |places, bound, miss| {
            insertion::place(places, request, &FALLBACK, bound, miss)
        });
        match best {
            Ok((vehicle, _)) => Refusal { limit: Limit::Declined, nearest: Some(vehicle), by: 0.0 },
            Err(refusal) => refusal,
        }
    })
}

/// The place that an assignment means, or why there is none.
fn place(search: &Search, request: &Request, assignment: &Assignment) -> Result<Insertion, Text> {
    if search.van.done {
        return Err(Text::new("この車両の一日は終わっています。", "its day is over"));
    }
    match (assignment.pickup_gap, assignment.dropoff_gap) {
        (None, None) => {
            let mut miss = None;
            let found = search.cheapest(request, &Objective::default(), f64::INFINITY, &mut miss);
            found.ok_or_else(|| miss.map_or_else(|| Text::new("場所がありません。", "there is no place"), limit))
        }
        (Some(pickup), Some(dropoff)) => {
            let stops = search.van.plan.stops().len();
            let (pickup, dropoff) = (pickup as usize, dropoff as usize);
            if pickup > dropoff || dropoff > stops {
                return Err(Text::new(
                    format!(
                        "pickup_gap {pickup}、dropoff_gap {dropoff}は、0以上{stops}以下で、この順でなければなりません。"
                    ),
                    format!(
                        "pickup_gap {pickup} and dropoff_gap {dropoff} have to be from 0 to {stops} and in this order"
                    ),
                ));
            }
            search.try_gaps(request, pickup, dropoff).map_err(limit)
        }
        _ => Err(Text::new(
            "pickup_gapとdropoff_gapは両方書くか、どちらも書かないでください。",
            "give both pickup_gap and dropoff_gap, or neither",
        )),
    }
}

fn not_asked(id: RequestId, asked: &[RequestId]) -> Text {
    let list = asked.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(", ");
    Text::new(
        format!("申し込み{}は今聞かれていません。聞かれているのは{list}です。", id.0),
        format!("request {} was not asked about, but {list}", id.0),
    )
}

fn no_van(vehicle: VehicleId, count: usize) -> Text {
    Text::new(
        format!("番号{}の車両はありません。全部で{count}台、番号は0からです。", vehicle.0),
        format!("there is no vehicle {}: there are {count}, counted from 0", vehicle.0),
    )
}

/// Which limit a place breaks, and by how much.
fn limit(miss: Miss) -> Text {
    let minutes = format!("{:.1}", miss.by / 60.0);
    let by = miss.by;
    match miss.limit {
        Limit::Wait => {
            Text::new(format!("迎えが{minutes}分遅れます。"), format!("the pick-up would be {minutes} min too late"))
        }
        Limit::Seats => Text::new(format!("席が{by}人分足りません。"), format!("it is {by} seats short")),
        Limit::Ride => Text::new(
            format!("到着か乗車時間が限度を{minutes}分超えます。"),
            format!("the ride would end {minutes} min too late or be so much too long"),
        ),
        Limit::Promise => {
            Text::new(format!("ほかの乗客が{minutes}分遅れます。"), format!("other riders would be {minutes} min late"))
        }
        Limit::Shift => Text::new(
            format!("営業の終わりに{minutes}分間に合いません。"),
            format!("it would be back {minutes} min after the end of its day"),
        ),
        Limit::Charge => {
            Text::new(format!("電力が{by:.1} kWh足りません。"), format!("its battery would be {by:.1} kWh short"))
        }
        Limit::Area => Text::new("この車両の停留所ではありません。", "it does not serve both stops"),
        Limit::Closed
        | Limit::NoRoad
        | Limit::PartyTooLarge
        | Limit::Busy
        | Limit::Declined
        | Limit::Cost
        | Limit::Walk
        | Limit::OnFoot => {
            unreachable!("no search in one van's plan says so")
        }
    }
}
