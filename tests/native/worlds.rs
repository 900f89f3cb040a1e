//! Small random worlds: a town of a few dozen nodes, vans with small batteries, and more riders than they can carry.

use noriai::rng::Rng;
use noriai::roads::{Roads, TravelTable};
use noriai::scenario::*;
use noriai::site::profile::Profile;
use noriai::units::{Clock, NodeId, Time};

/// An integer in `low..=high`.
pub fn whole(rng: &mut Rng, low: i64, high: i64) -> i64 {
    low + (rng.unit() * (high - low + 1) as f64) as i64
}

fn chance(rng: &mut Rng, share: f64) -> bool {
    rng.unit() < share
}

/// A strongly connected network: a two-way ring through all nodes, and random chords, some of them one-way.
pub fn network(rng: &mut Rng, nodes: usize) -> Network {
    let positions: Vec<Node> =
        (0..nodes).map(|_| Node { lat: 37.0 + rng.unit() * 0.05, lng: 141.0 + rng.unit() * 0.05 }).collect();
    let edge = |from: usize, to: usize, one_way, rng: &mut Rng| Edge {
        from: from as u32,
        to: to as u32,
        length_m: 100.0 + (rng.unit() * 1e4).round() / 10.0,
        class: RoadClass::Residential,
        time_s: None,
        one_way,
        shape: Vec::new(),
    };
    let mut edges: Vec<Edge> = (0..nodes).map(|node| edge(node, (node + 1) % nodes, false, rng)).collect();
    for _ in 0..nodes {
        let (from, to) = (whole(rng, 0, nodes as i64 - 1) as usize, whole(rng, 0, nodes as i64 - 1) as usize);
        if from != to {
            let one_way = chance(rng, 0.3);
            edges.push(edge(from, to, one_way, rng));
        }
    }
    let speeds_kmh =
        Speeds { motorway: 80.0, trunk: 50.0, primary: 40.0, secondary: 30.0, residential: 20.0, service: 10.0 };
    Network { nodes: positions, edges, speeds_kmh, traffic: None }
}

/// A random scenario that is valid; which limits bind differs from seed to seed.
pub fn scenario(seed: u64) -> Scenario {
    let rng = &mut Rng::new(seed, "worlds");
    let nodes = whole(rng, 8, 40) as usize;
    let text = |name: &str| Text::new(name, name);
    let stops: Vec<Stop> = (0..nodes.min(20))
        .map(|index| Stop {
            id: format!("s{index}"),
            name: text("stop"),
            node: whole(rng, 0, nodes as i64 - 1) as u32,
            zone: "z".into(),
            category: Category::Home,
            weight: 1.0,
            is_virtual: false,
            elderly_share: None,
        })
        .collect();
    let (opens, closes) = (7 * 3_600, 7 * 3_600 + whole(rng, 1, 5) as i32 * 3_600);
    let trips = (0..whole(rng, 5, 120))
        .map(|_| {
            let request_s = whole(rng, i64::from(opens) - 1_800, i64::from(closes) - 600) as f64;
            let booked = chance(rng, 0.3);
            let (origin, destination) = (whole(rng, 0, stops.len() as i64 - 1), whole(rng, 1, stops.len() as i64 - 1));
            let destination = (origin + destination) % stops.len() as i64;
            Trip {
                request_s,
                earliest_pickup_s: booked.then(|| request_s + whole(rng, 0, 7_200) as f64),
                origin: stops[origin as usize].id.clone(),
                destination: stops[destination as usize].id.clone(),
                passengers: whole(rng, 1, 4) as u32,
                wheelchairs: u32::from(chance(rng, 0.1)),
                ..Trip::default()
            }
        })
        .collect();
    let with_battery = chance(rng, 0.7);
    let battery = Battery {
        capacity_kwh: 3.0 + 10.0 * rng.unit(),
        initial_soc: 0.4 + 0.6 * rng.unit(),
        reserve_soc: 0.1,
        max_charge_kw: 7.0,
        taper: Taper { from_soc: 0.8, at_full: 0.3 },
        cell_loss: 0.02,
        ageing: Ageing {
            replacement_yen_per_kwh: 20_000.0,
            end_of_life_loss: 0.3,
            scale: 0.43,
            age_years: 1.0,
            full_cycles: 50.0,
        },
        drive_kwh_per_km: 0.2,
        auxiliary_kw: 0.3,
        climate: Climate { heat_below_c: 18.0, heating_kw_per_k: 0.1, cool_above_c: 25.0, cooling_kw_per_k: 0.1 },
    };
    let vehicles = (0..whole(rng, 1, 5))
        .map(|index| Vehicle {
            id: format!("v{index}"),
            seats: whole(rng, 2, 6) as u32,
            wheelchair_places: whole(rng, 0, 1) as u32,
            depot: Some("d".into()),
            battery: with_battery.then(|| battery.clone()),
            ..Vehicle::default()
        })
        .collect();
    let hubs = vec![Hub { place: stops[0].id.clone(), vans: Some(1) }, Hub { place: stops[1].id.clone(), vans: None }];
    let mut scenario = Scenario {
        version: VERSION,
        name: text("random"),
        about: text("random"),
        assumptions: Vec::new(),
        sources: Vec::new(),
        seed,
        day: Day { date: "2026-01-05".into(), outdoor_c: 30.0 * rng.unit() - 5.0, outdoor_by_month_c: [10.0; 12] },
        network: network(rng, nodes),
        drawing: Drawing { view: [141.0, 37.0, 141.05, 37.05], features: Vec::new() },
        service: Service {
            hours: vec![Hours {
                days: vec![Weekday::Mon],
                opens: Clock(Time(opens * 1_000)),
                closes: Clock(Time(closes * 1_000)),
            }],
            max_wait_s: whole(rng, 120, 1_500) as u32,
            detour_factor: 1.0 + rng.unit(),
            ride_limit: chance(rng, 0.6)
                .then(|| RideLimit { factor: 1.0 + 0.5 * rng.unit(), slack_s: whole(rng, 0, 300) as u32 }),
            promise_window_s: chance(rng, 0.5).then(|| whole(rng, 60, 900) as u32),
            phone: None,
            supervision: None,
            dwell: Dwell {
                per_request_s: whole(rng, 0, 40) as u32,
                per_passenger_s: whole(rng, 0, 10) as u32,
                per_wheelchair_s: 60,
                ..Dwell::default()
            },
            wait_for_rider_s: None,
        },
        fares: Fares {
            zones: vec![Zone { id: "z".into(), name: text("zone"), adult_yen: 200.0 }],
            night: None,
            free_share: 0.0,
        },
        depots: vec![Depot { id: "d".into(), name: text("depot"), node: 0, chargers: vec![charger(1)], site: None }],
        stops,
        fleet: Fleet { vehicles, hubs, breakdowns: None, drivers: None },
        fixed_route: None,
        costs: None,
        business: None,
        growth: None,
        demand: Demand { factor: 1.0, generator: None, trips, behaviour: None, elderly_share: None },
        policies: Policies {
            matching: MatchingPolicy::Insertion { objective: Objective::default() },
            rebalancing: match chance(rng, 0.5) {
                true => RebalancingPolicy::Stay {},
                false if seed.is_multiple_of(2) => RebalancingPolicy::NearestHub { after_s: 60 },
                false => RebalancingPolicy::ReturnToDepot { after_s: 300 },
            },
            charging: ChargingPolicy::Immediate { below_soc: 0.5 },
        },
    };
    scenario.fixed_route = Some(fixed_route(&scenario, opens, closes));
    scenario
}

/// A loop through a few stops, and buses that can drive it.
fn fixed_route(scenario: &Scenario, opens: i32, closes: i32) -> FixedRoute {
    let rng = &mut Rng::new(scenario.seed, "line");
    let roads = Roads::new(&scenario.network);
    let travel = TravelTable::new(&roads, scenario.stops.iter().map(|stop| NodeId(stop.node)), false);
    let dwell_s = f64::from(scenario.service.dwell.per_request_s + scenario.service.dwell.per_passenger_s);
    let count = whole(rng, 2, 6) as usize;
    let mut stops = vec![LineStop { stop: scenario.stops[0].id.clone(), departure_s: 0 }];
    let at = |k: usize| NodeId(scenario.stops[k % count].node);
    for k in 1..=count {
        let least_s = (travel.time(at(k - 1), at(k)).s() + dwell_s).ceil();
        let departure_s = stops[k - 1].departure_s + (least_s + whole(rng, 1, 90) as f64) as u32;
        stops.push(LineStop { stop: scenario.stops[k % count].id.clone(), departure_s });
    }
    let headway = whole(rng, 10, 40) as i32 * 60;
    let runs = stops[count].departure_s as i32;
    let times = (opens - 1_800..closes).step_by(headway as usize).map(|time| Clock(Time(time * 1_000)));
    let van = &scenario.fleet.vehicles[0];
    // Each bus is back at the first stop before its next trip; a battery lasts for the day.
    let vehicles = (0..=runs / headway)
        .map(|index| Vehicle {
            id: format!("b{index}"),
            seats: whole(rng, 2, 4) as u32,
            wheelchair_places: whole(rng, 0, 1) as u32,
            battery: van.battery.clone().map(|battery| Battery { capacity_kwh: 200.0, ..battery }),
            ..van.clone()
        })
        .collect();
    let departures = vec![Departures { days: vec![Weekday::Mon], times: times.collect() }];
    let name = Text::new("loop", "loop");
    FixedRoute { lines: vec![Line { id: "loop".into(), name, stops, departures }], vehicles, adult_yen: 200.0 }
}

/// A two-way charger of 8 kW, with standby.
fn charger(count: u32) -> Charger {
    Charger {
        count,
        power_kw: 8.0,
        losses: Losses { fixed_kw: 0.05, proportional: 0.093, quadratic_per_kw: 0.003 },
        standby_kw: 0.02,
        discharge: Some(Discharge {
            power_kw: 6.0,
            losses: Losses { fixed_kw: 0.036, proportional: 0.063, quadratic_per_kw: 0.005 },
        }),
    }
}

/// The same with a site behind the meter: load, sun, wind, sometimes a fuel cell, a stationary battery, cars and a price for
/// what is exported.
pub fn with_site(seed: u64) -> Scenario {
    let mut scenario = scenario(seed);
    let rng = &mut Rng::new(seed, "site");
    let battery = scenario.fleet.vehicles.iter().find_map(|van| van.battery.clone());
    let load_kw: Vec<f64> = (0..48).map(|_| 30.0 * rng.unit()).collect();
    let prices: Vec<f64> = (0..48).map(|_| 40.0 * rng.unit()).collect();
    let exports = chance(rng, 0.5);
    let text = |text: &str| Text::new(text, text);
    scenario.depots[0].chargers = vec![charger(whole(rng, 1, 4) as u32)];
    scenario.depots[0].site = Some(Site {
        name: text("site"),
        lat: 37.0,
        lng: 141.0,
        load_kw: Profile(load_kw),
        load_by_month: [1.0; 12],
        solar: chance(rng, 0.7).then(|| Solar {
            peak_kw: 60.0 * rng.unit(),
            tilt_deg: 20.0,
            azimuth_deg: 180.0,
            performance: 0.8,
            cloud_by_month: [0.8; 12],
            cloud: None,
            power_kw: None,
        }),
        wind: chance(rng, 0.5).then_some(Wind {
            count: 2,
            rated_kw: 5.0,
            cut_in_m_s: 2.5,
            rated_m_s: 11.0,
            cut_out_m_s: 25.0,
            mean_by_month_m_s: [5.0; 12],
            power_kw: None,
        }),
        fuel_cell: chance(rng, 0.3).then_some(FuelCell { power_kw: 4.0, yen_per_kwh: 25.0 }),
        battery: chance(rng, 0.5).then(|| Stationary {
            capacity_kwh: 20.0,
            initial_soc: 0.5,
            reserve_soc: 0.2,
            charger: charger(1),
            taper: Taper { from_soc: 0.9, at_full: 0.3 },
            cell_loss: 0.02,
            ageing: Ageing {
                replacement_yen_per_kwh: 10_000.0,
                end_of_life_loss: 0.3,
                scale: 0.43,
                age_years: 8.0,
                full_cycles: 900.0,
            },
        }),
        cars: battery
            .filter(|_| chance(rng, 0.6))
            .map(|battery| Cars {
                name: text("car"),
                count: 2,
                trips: vec![CarTrip {
                    days: vec![Weekday::Mon],
                    from: Clock(Time(9 * Time::HOUR.0)),
                    until: Clock(Time(12 * Time::HOUR.0 + 1_000_000)),
                    energy_kwh: 0.3 * battery.capacity_kwh,
                }],
                battery,
                charger: charger(1),
            })
            .into_iter()
            .collect(),
        import_limit_kw: 35.0 + 30.0 * rng.unit(),
        export_limit_kw: if chance(rng, 0.5) { 20.0 } else { 0.0 },
        tariff: Tariff {
            name: text("contract"),
            source: "random".into(),
            since: "2026-01-01".into(),
            energy: EnergyPrice::Market { spot_yen_per_kwh: Profile(prices), loss: 0.05, adder_yen_per_kwh: 2.0 },
            fuel_adjustment_yen_per_kwh: 1.0,
            levy_yen_per_kwh: 3.0,
            basic_yen_per_kw_month: if chance(rng, 0.5) { 1_500.0 } else { 0.0 },
            power_factor_percent: 100.0,
            past_peak_kw: 10.0,
            tax: 0.1,
            export_yen_per_kwh: if exports { 8.0 } else { 0.0 },
            battery_export: exports,
            co2_kg_per_kwh: Profile(vec![0.4]),
        },
        critical_loads: vec![CriticalLoad { name: text("shelter"), power_kw: 3.0 }],
    });
    scenario
}

/// Every charging policy, with parameters that matter.
pub fn charging_policies() -> Vec<ChargingPolicy> {
    let below_soc = 0.5;
    let hour = |hour: i32| Clock(Time(hour * Time::HOUR.0));
    vec![
        ChargingPolicy::Immediate { below_soc },
        ChargingPolicy::OffPeak { below_soc, from: hour(22), until: hour(30) },
        ChargingPolicy::Solar { below_soc },
        ChargingPolicy::PeakCap { below_soc, limit_kw: 25.0 },
        ChargingPolicy::Optimal { below_soc, discharge: false, foresight: false },
        ChargingPolicy::Optimal { below_soc, discharge: true, foresight: false },
        ChargingPolicy::Optimal { below_soc, discharge: true, foresight: true },
        ChargingPolicy::Backup { below_soc, hours: 2.0 },
    ]
}
