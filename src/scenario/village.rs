//! The village that tests live in.

use super::*;

impl Scenario {
    /// A village to test with: four nodes in a row from west to east, 1 km and 100 s apart (36 km/h), a stop `a` to `d` at
    /// each, one van at a depot at `a`, and service from 08:00 to 18:00 on weekdays. 2026-04-01 is a Wednesday.
    pub(crate) fn village() -> Scenario {
        let text = |text: &str| Text::new(text, text);
        // 1 km east at 35 degrees north is 1,000 m / (111,195 m x cos 35°) = 0.010979 degrees.
        let lng = |i: u32| 140.0 + 0.010979 * f64::from(i);
        let stops = ["a", "b", "c", "d"].into_iter().zip(0..).map(|(id, node)| Stop {
            id: id.to_owned(),
            name: text(id),
            node,
            zone: "town".to_owned(),
            category: if id == "a" { Category::Station } else { Category::Home },
            weight: 1.0,
            is_virtual: false,
            elderly_share: None,
        });
        let flat = |category| CategoryProfile { category, departs: vec![1.0; 24], arrives: vec![1.0; 24] };
        Scenario {
            version: VERSION,
            name: text("village"),
            about: text("four stops in a row"),
            assumptions: Vec::new(),
            sources: Vec::new(),
            seed: 1,
            day: Day { date: "2026-04-01".to_owned(), outdoor_c: 20.0, outdoor_by_month_c: [20.0; 12] },
            network: Network {
                nodes: (0..4).map(|i| Node { lat: 35.0, lng: lng(i) }).collect(),
                edges: (0..3)
                    .map(|i| Edge {
                        from: i,
                        to: i + 1,
                        length_m: 1_000.0,
                        class: RoadClass::Secondary,
                        time_s: None,
                        one_way: false,
                        shape: Vec::new(),
                    })
                    .collect(),
                speeds_kmh: Speeds {
                    motorway: 80.0,
                    trunk: 60.0,
                    primary: 50.0,
                    secondary: 36.0,
                    residential: 30.0,
                    service: 20.0,
                },
                traffic: None,
            },
            drawing: Drawing { view: [139.99, 34.99, 140.05, 35.01], features: Vec::new() },
            stops: stops.collect(),
            service: Service {
                hours: vec![Hours {
                    days: vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri],
                    opens: Clock(Time(8 * Time::HOUR.0)),
                    closes: Clock(Time(18 * Time::HOUR.0)),
                }],
                max_wait_s: 1_200,
                detour_factor: 1.5,
                ride_limit: None,
                promise_window_s: None,
                wait_for_rider_s: None,
                phone: None,
                supervision: None,
                dwell: Dwell { per_request_s: 20, per_passenger_s: 5, per_wheelchair_s: 120, ..Dwell::default() },
            },
            fares: Fares {
                zones: vec![Zone { id: "town".to_owned(), name: text("town"), adult_yen: 300.0 }],
                night: None,
                free_share: 0.0,
            },
            depots: vec![Depot {
                id: "yard".to_owned(),
                name: text("yard"),
                node: 0,
                // A tenth more is drawn than is stored: 6.6 kW for 6 kW.
                chargers: vec![Charger {
                    count: 1,
                    power_kw: 6.6,
                    losses: Losses { fixed_kw: 0.0, proportional: 0.1, quadratic_per_kw: 0.0 },
                    standby_kw: 0.0,
                    discharge: None,
                }],
                site: None,
            }],
            fleet: Fleet {
                vehicles: vec![Vehicle {
                    id: "van".to_owned(),
                    seats: 8,
                    wheelchair_places: 1,
                    depot: Some("yard".to_owned()),
                    battery: Some(Battery {
                        capacity_kwh: 40.0,
                        initial_soc: 0.5,
                        reserve_soc: 0.1,
                        max_charge_kw: 6.0,
                        taper: Taper { from_soc: 1.0, at_full: 1.0 },
                        cell_loss: 0.0,
                        ageing: Ageing {
                            replacement_yen_per_kwh: 20_000.0,
                            end_of_life_loss: 0.3,
                            scale: 0.43,
                            age_years: 0.0,
                            full_cycles: 0.0,
                        },
                        drive_kwh_per_km: 0.2,
                        auxiliary_kw: 0.3,
                        climate: Climate {
                            heat_below_c: 18.0,
                            heating_kw_per_k: 0.1,
                            cool_above_c: 24.0,
                            cooling_kw_per_k: 0.2,
                        },
                    }),
                    ..Vehicle::default()
                }],
                hubs: Vec::new(),
                breakdowns: None,
                drivers: None,
            },
            fixed_route: None,
            costs: None,
            business: None,
            growth: None,
            demand: Demand {
                factor: 1.0,
                generator: Some(Generator {
                    trips_per_day: 40.0,
                    by_weekday: [1.0; 7],
                    profile: vec![1.0; 24],
                    categories: vec![flat(Category::Station), flat(Category::Home)],
                    decay_min: 10.0,
                    min_distance_m: 0.0,
                    party_weights: vec![3.0, 1.0],
                    wheelchair_share: 0.1,
                    booked_share: 0.3,
                    booked_ahead_min: [60.0, 600.0],
                    phone_share: None,
                }),
                trips: Vec::new(),
                behaviour: None,
                elderly_share: None,
            },
            policies: Policies {
                matching: MatchingPolicy::Insertion { objective: Objective::weighing(0.5, 0.5) },
                rebalancing: RebalancingPolicy::Stay {},
                charging: ChargingPolicy::Immediate { below_soc: 0.3 },
            },
        }
    }
}
