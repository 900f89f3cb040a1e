//! Plans against slower ways to the same answer: the eight-step evaluation of Cordeau and Laporte (2003) for one plan, and
//! exhaustive search for insertions.

use noriai::demand::Request;
use noriai::fleet::{Action, Load, Miss, Plan, PlanStop, Position, Search, Van, VanSpec};
use noriai::log::Limit;
use noriai::matching::{self, Decision, Snapshot};
use noriai::rng::Rng;
use noriai::roads::{Roads, TravelTable};
use noriai::scenario::{Channel, MatchingPolicy, Objective};
use noriai::units::{NodeId, RequestId, StopId, Time, VehicleId};
use noriai::world::World;

use crate::worlds::{self, whole};

/// The eight-step evaluation scheme of Cordeau and Laporte (2003, section 4.2), with the forward time slack in the form that
/// counts the ride times of those users only who are aboard (Parragh, Doerner, Hartl 2010): starts as early as possible,
/// then delays the start and each pick-up as far as that costs nobody anything. All times in milliseconds; vertex 0 is the
/// van's position.
fn eight_step(stops: &[PlanStop], from: Position, spec: &VanSpec, travel: &TravelTable) -> bool {
    struct Route<'a> {
        stops: &'a [PlanStop],
        drive: Vec<i64>,
        latest: Vec<i64>,
        begin: Vec<i64>,
        wait: Vec<i64>,
    }
    impl Route<'_> {
        fn dwell(&self, vertex: usize) -> i64 {
            if vertex == 0 { 0 } else { i64::from(self.stops[vertex - 1].dwell.0) }
        }
        /// Arrival, waiting and begin of service from vertex `first` on.
        fn run(&mut self, first: usize) {
            for vertex in first..self.begin.len() {
                let arrival = self.begin[vertex - 1] + self.dwell(vertex - 1) + self.drive[vertex];
                self.begin[vertex] = arrival.max(i64::from(self.stops[vertex - 1].earliest.0));
                self.wait[vertex] = self.begin[vertex] - arrival;
            }
        }
        fn pickup_of(&self, vertex: usize) -> Option<(usize, i64)> {
            let stop = &self.stops[vertex - 1];
            let limit = stop.max_ride?;
            let pickup = self.stops[..vertex - 1].iter().position(|other| other.request == stop.request)? + 1;
            Some((pickup, i64::from(limit.0)))
        }
        fn ride(&self, pickup: usize, dropoff: usize) -> i64 {
            self.begin[dropoff] - self.begin[pickup] - self.dwell(pickup)
        }
        fn slack(&self, vertex: usize) -> i64 {
            let (mut slack, mut waited) = (i64::MAX, 0);
            for later in vertex.max(1)..self.begin.len() {
                if later > vertex {
                    waited += self.wait[later];
                }
                let mut room = self.latest[later] - self.begin[later];
                if let Some((pickup, limit)) = self.pickup_of(later)
                    && pickup < vertex
                {
                    room = room.min(limit - self.ride(pickup, later));
                }
                slack = slack.min(waited + room.max(0));
            }
            slack
        }
        fn rides_kept(&self) -> bool {
            (1..self.begin.len())
                .filter_map(|vertex| self.pickup_of(vertex).map(|(pickup, limit)| (pickup, vertex, limit)))
                .all(|(pickup, vertex, limit)| self.ride(pickup, vertex) <= limit)
        }
        fn windows_kept(&self) -> bool {
            (1..self.begin.len()).all(|vertex| self.begin[vertex] <= self.latest[vertex])
        }
    }
    let mut load = from.load;
    for stop in stops {
        load = if stop.action == Action::Pickup { load + stop.party } else { load - stop.party };
        if !load.fits(spec.capacity) {
            return false;
        }
    }
    let Some(last) = stops.last() else { return true };
    let nodes: Vec<NodeId> = std::iter::once(from.node).chain(stops.iter().map(|stop| stop.node)).collect();
    let mut drive = vec![0];
    drive.extend(nodes.windows(2).map(|pair| i64::from(travel.time(pair[0], pair[1]).0)));
    let mut latest = vec![i64::MAX];
    latest.extend(stops.iter().map(|stop| i64::from(stop.latest.0)));
    if let Some(home) = spec.home {
        let back = spec.shift_end - last.dwell - travel.time(last.node, home);
        let end = latest.last_mut().expect("a stop");
        *end = (*end).min(i64::from(back.0));
    }
    let n = stops.len() + 1;
    let mut route = Route { stops, drive, latest, begin: vec![i64::from(from.ready.0); n], wait: vec![0; n] };
    // Steps 1 and 2.
    route.run(1);
    if !route.windows_kept() {
        return false;
    }
    // Steps 3 to 6.
    let delay = route.slack(0).min(route.wait.iter().sum());
    route.begin[0] += delay;
    route.run(1);
    // Step 7.
    for vertex in 1..n {
        if route.rides_kept() {
            break;
        }
        if stops[vertex - 1].action == Action::Pickup {
            let later_waits = route.wait[vertex + 1..].iter().sum();
            let delay = route.slack(vertex).min(later_waits);
            route.wait[vertex] += delay;
            route.begin[vertex] += delay;
            route.run(vertex + 1);
        }
    }
    // Step 8.
    route.rides_kept() && route.windows_kept()
}

pub struct Town {
    pub travel: TravelTable,
    pub nodes: i64,
}

pub fn town(rng: &mut Rng) -> Town {
    let nodes = whole(rng, 5, 25);
    let roads = Roads::new(&worlds::network(rng, nodes as usize));
    Town { travel: TravelTable::new(&roads, (0..nodes as u32).map(NodeId), true), nodes }
}

pub fn request(rng: &mut Rng, town: &Town) -> Request {
    let [origin, destination] = [0; 2].map(|_| whole(rng, 0, town.nodes - 1) as u32);
    let direct = town.travel.time(NodeId(origin), NodeId(destination));
    let earliest = Time(whole(rng, 0, 1_800) as i32 * 1_000);
    let latest_pickup = earliest + Time(whole(rng, 60, 1_800) as i32 * 1_000);
    let slack = Time(whole(rng, 0, 900) as i32 * 1_000);
    Request {
        channel: Channel::App,
        called: Time::ZERO,
        known: Time::ZERO,
        earliest,
        latest_pickup,
        latest_dropoff: latest_pickup + direct + Time(whole(rng, 0, 1_200) as i32 * 1_000),
        max_ride: (rng.unit() < 0.7).then_some(direct + slack),
        origin: StopId(0),
        destination: StopId(0),
        origin_node: NodeId(origin),
        destination_node: NodeId(destination),
        party: Load { seats: whole(rng, 1, 2) as u32, ..Load::default() },
        children: 0,
        direct,
        dwell: Time(whole(rng, 0, 60) as i32 * 1_000),
    }
}

pub fn spec(rng: &mut Rng, town: &Town) -> VanSpec {
    VanSpec {
        capacity: Load { seats: 4, ..Load::default() },
        start: NodeId(0),
        home: (rng.unit() < 0.5).then_some(NodeId(whole(rng, 0, town.nodes - 1) as u32)),
        shift_begin: Time::ZERO,
        shift_end: Time(whole(rng, 3_000, 9_000) as i32 * 1_000),
        calls: Vec::new(),
        shifts: Vec::new(),
        breaks: None,
        driverless: None,
        battery: None,
    }
}

fn stops_of(id: u32, request: &Request) -> [PlanStop; 2] {
    let pickup = PlanStop {
        request: RequestId(id),
        action: Action::Pickup,
        node: request.origin_node,
        earliest: request.earliest,
        latest: request.latest_pickup,
        promised: None,
        dwell: request.dwell,
        party: request.party,
        max_ride: None,
    };
    let dropoff = PlanStop {
        action: Action::Dropoff,
        node: request.destination_node,
        latest: request.latest_dropoff,
        max_ride: request.max_ride,
        ..pickup
    };
    [pickup, dropoff]
}

/// Rides put together at random, each drop-off after its pick-up.
pub fn random_stops(rng: &mut Rng, town: &Town) -> Vec<PlanStop> {
    let mut stops = Vec::new();
    for id in 0..whole(rng, 1, 5) as u32 {
        let [pickup, dropoff] = stops_of(id, &request(rng, town));
        let at = whole(rng, 0, stops.len() as i64) as usize;
        stops.insert(at, pickup);
        let after = whole(rng, at as i64 + 1, stops.len() as i64) as usize;
        stops.insert(after, dropoff);
    }
    stops
}

#[test]
fn plans_agree_with_the_eight_step_evaluation() {
    let (mut feasible, mut waited) = (0, 0);
    for seed in 0..10_000 {
        let rng = &mut Rng::new(seed, "plans");
        let town = town(rng);
        let spec = spec(rng, &town);
        let stops = random_stops(rng, &town);
        let at = Position {
            node: NodeId(0),
            ready: Time(whole(rng, 0, 600) as i32 * 1_000),
            load: Load::default(),
            overtime: Time::ZERO,
        };
        let expected = eight_step(&stops, at, &spec, &town.travel);
        let plan = Plan::new(stops.clone(), at, &spec, &town.travel);
        assert_eq!(plan.is_some(), expected, "seed {seed}: {stops:?}");
        if let Some(plan) = plan {
            feasible += 1;
            waited += u32::from(check_schedule(&plan, at, &town.travel, seed));
        }
    }
    // Both answers have to occur, and plans that keep a ride short by waiting.
    assert!((1_000..9_000).contains(&feasible), "{feasible} feasible");
    assert!(waited > 100, "{waited} with waiting for the sake of a ride");
}

/// Checks every limit of a plan's schedule; whether it waits longer before a stop than its window demands.
pub fn check_schedule(plan: &Plan, at: Position, travel: &TravelTable, seed: u64) -> bool {
    let (mut free, mut node, mut waits) = (at.ready, at.node, false);
    let begins: Vec<Time> = plan.schedule().collect();
    for (index, (stop, &begin)) in plan.stops().iter().zip(&begins).enumerate() {
        let arrival = travel.arrival(node, stop.node, free);
        assert!(begin >= arrival && begin >= stop.earliest && begin <= stop.latest, "seed {seed}, stop {index}");
        waits |= begin > arrival.max(stop.earliest);
        if let Some(limit) = stop.max_ride {
            let pickup = plan.stops()[..index].iter().position(|other| other.request == stop.request);
            let pickup = pickup.expect("the pick-up is in the plan");
            assert!(begin - begins[pickup] - plan.stops()[pickup].dwell <= limit, "seed {seed}, stop {index}");
        }
        (free, node) = (begin + stop.dwell, stop.node);
    }
    waits
}

#[test]
fn insertions_agree_with_evaluating_the_whole_plan() {
    let (mut accepted, mut refused) = (0, 0);
    for seed in 0..3_000 {
        let rng = &mut Rng::new(seed, "insertions");
        let town = town(rng);
        let spec = spec(rng, &town);
        let stops = random_stops(rng, &town);
        let at = Position { node: NodeId(0), ready: Time::ZERO, load: Load::default(), overtime: Time::ZERO };
        let Some(plan) = Plan::new(stops.clone(), at, &spec, &town.travel) else { continue };
        let van = Van { at, energy_kwh: f64::INFINITY, plan, goal: None, done: false };
        let departure = van.departure(&town.travel).expect("there are stops");
        // While it waits for its first departure, time goes on.
        let now = if rng.unit() < 0.5 { Time::ZERO } else { departure.max(Time::ZERO) };
        let search = Search::new(&van, &spec, &town.travel, now);
        let request = request(rng, &town);
        let [pickup, dropoff] = stops_of(99, &request);
        let (mut best, mut least_cost): (Option<i32>, f64) = (None, f64::INFINITY);
        let length = |stops: &[PlanStop]| -> i32 {
            let nodes: Vec<NodeId> = std::iter::once(at.node).chain(stops.iter().map(|stop| stop.node)).collect();
            nodes.windows(2).map(|pair| town.travel.time(pair[0], pair[1]).0).sum()
        };
        for i in 0..=stops.len() {
            for j in i..=stops.len() {
                let mut whole = stops.clone();
                whole.insert(j, dropoff);
                whole.insert(i, pickup);
                let expected = eight_step(&whole, Position { ready: now, ..at }, &spec, &town.travel);
                let found = search.try_gaps(&request, i, j);
                assert_eq!(found.is_ok(), expected, "seed {seed}, gaps {i} and {j}: {found:?}");
                if let Ok(found) = found {
                    accepted += 1;
                    let added = length(&whole) - length(&stops);
                    assert_eq!(found.added_drive, Time(added), "seed {seed}, gaps {i} and {j}");
                    best = Some(best.map_or(added, |best| best.min(added)));
                    let window = (request.earliest, request.latest_pickup);
                    let plan = search.insert(RequestId(99), &request, &found, window);
                    let begins: Vec<Time> = plan.schedule().collect();
                    assert_eq!(begins[i], found.pickup_at, "seed {seed}, gaps {i} and {j}");
                    let waiting = begins[i] - request.earliest;
                    let riding = begins[j + 1] - begins[i] - request.dwell - request.direct;
                    let cost = f64::from(added) + 0.5 * f64::from(waiting.0) + 0.25 * f64::from(riding.0);
                    least_cost = least_cost.min(cost);
                } else {
                    refused += 1;
                }
            }
        }
        let cheapest = search.cheapest(&request, &Objective::default(), f64::INFINITY, &mut None);
        assert_eq!(cheapest.map(|found| found.added_drive.0), best, "seed {seed}");
        let objective = Objective::weighing(0.5, 0.25);
        let weighted = search.cheapest(&request, &objective, f64::INFINITY, &mut None);
        assert_eq!(weighted.map_or(f64::INFINITY, |found| found.cost), least_cost, "seed {seed}");
    }
    assert!(accepted > 1_000 && refused > 1_000, "{accepted} accepted, {refused} refused");
}

/// The closest that any van came, the first of equals, by looking at every place of every van.
fn nearest_miss(request: &Request, vans: &[Van], world: &World, now: Time) -> (Option<Limit>, Option<VehicleId>, f64) {
    let mut nearest: Option<(VehicleId, Miss)> = None;
    for (id, van) in (0..).map(VehicleId).zip(vans) {
        let search = Search::new(van, world.van(id), &world.travel, now);
        let mut closest: Option<Miss> = None;
        assert_eq!(search.cheapest(request, &Objective::default(), f64::INFINITY, &mut closest), None);
        if let Some(miss) = closest
            && nearest.is_none_or(|(_, old)| miss.closer_than(&old))
        {
            nearest = Some((id, miss));
        }
    }
    let (id, miss) = nearest.unzip();
    (miss.map(|miss| miss.limit), id, miss.map_or(0.0, |miss| miss.by))
}

#[test]
fn insertion_takes_the_cheapest_place_of_the_whole_fleet() {
    let (mut shared, mut refused) = (0, 0);
    for seed in 0..200 {
        let mut scenario = worlds::scenario(seed);
        scenario.fleet.vehicles.iter_mut().for_each(|vehicle| vehicle.battery = None);
        // The table of lengths is not made when no van has a battery.
        let world = World::new(&scenario);
        let Some((opens, _)) = world.hours else { continue };
        let at =
            |spec: &VanSpec| Position { node: spec.start, ready: opens, load: Load::default(), overtime: Time::ZERO };
        let mut vans: Vec<Van> = (world.vans.iter())
            .map(|spec| Van { at: at(spec), energy_kwh: f64::INFINITY, plan: Plan::default(), goal: None, done: false })
            .collect();
        // Nobody moves: plans grow until they are full.
        for (index, request) in world.requests.iter().enumerate().take(12) {
            let id = RequestId(index as u32);
            let mut best: Option<i32> = None;
            for (van, spec) in vans.iter().zip(&world.vans) {
                let search = Search::new(van, spec, &world.travel, opens);
                let gaps = van.plan.stops().len();
                for (i, j) in (0..=gaps).flat_map(|i| (i..=gaps).map(move |j| (i, j))) {
                    if let Ok(found) = search.try_gaps(request, i, j) {
                        best = Some(best.map_or(found.added_drive.0, |best| best.min(found.added_drive.0)));
                    }
                }
            }
            let snapshot = Snapshot { now: opens, world: &world, known: index + 1, vans: &vans, open: &[id] };
            let policy = MatchingPolicy::Insertion { objective: Objective::default() };
            match matching::decide(&policy, &snapshot).remove(0) {
                Decision::Plan { vehicle: VehicleId(van), plan } => {
                    let nodes = |plan: &Plan| -> Vec<NodeId> {
                        let start = world.vans[van as usize].start;
                        std::iter::once(start).chain(plan.stops().iter().map(|stop| stop.node)).collect()
                    };
                    let length = |nodes: Vec<NodeId>| -> i32 {
                        nodes.windows(2).map(|pair| world.travel.time(pair[0], pair[1]).0).sum()
                    };
                    let old = &vans[van as usize].plan;
                    let added = length(nodes(&plan)) - length(nodes(old));
                    assert_eq!(Some(added), best, "seed {seed}, request {index}");
                    shared += u32::from(!old.is_empty());
                    vans[van as usize].plan = plan;
                }
                Decision::Accept { .. } | Decision::Batch(_) => unreachable!("the plan comes first"),
                Decision::Refuse { limit: Limit::Closed | Limit::NoRoad | Limit::PartyTooLarge, .. } => {}
                Decision::Refuse { limit, nearest, by, .. } => {
                    assert_eq!(best, None, "seed {seed}, request {index}: {limit:?}");
                    let found = (Some(limit), nearest, by);
                    assert_eq!(found, nearest_miss(request, &vans, &world, opens), "seed {seed}, request {index}");
                    refused += 1;
                }
            }
        }
    }
    assert!(shared > 200 && refused > 200, "{shared} rides joined others, {refused} were refused");
}
