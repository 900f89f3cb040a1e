//! Demand drawn from a gravity model with a profile by hour, as described at [`Generator`].
//!
//! Each trip has a random stream of its own, named by its number, and draws the same numbers from it whatever they are
//! used for. So trip `i` depends on the scenario and on `i` only: twice the demand is the same day and as many trips
//! again, and a change of the share of bookings changes who books and nothing else. Comparisons of policies and fleets
//! then differ by the policy and the fleet, not by luck (common random numbers; Law, *Simulation Modeling and Analysis*).
//!
//! [`Generator`]: crate::scenario::Generator

use crate::math;
use crate::rng::Rng;
use crate::roads::TravelTable;
use crate::scenario::{Channel, Generator, Scenario, Stop, Trip};
use crate::units::{NodeId, Time};

/// Draws the day's trips, in the order of their numbers and not of time; none without a generator or without service that
/// day. O(stops² + trips x stops).
///
/// # Panics
/// If `travel` does not lead to the stops' nodes, or has no lengths.
pub fn generate(scenario: &Scenario, travel: &TravelTable) -> Vec<Trip> {
    let Some(model) = Model::new(scenario, travel) else { return Vec::new() };
    (0..model.trips).map(|number| model.trip(scenario.seed, number)).collect()
}

struct Model<'a> {
    generator: &'a Generator,
    stops: &'a [Stop],
    trips: u64,
    /// What distance leaves of the attraction of `to` at `from`, as `pull[from * stops + to]`; 0 where nobody rides.
    pull: Vec<f64>,
    hours: Vec<Hour>,
    hour_weights: Vec<f64>,
}

/// An hour of the clock in which pick-ups are asked for.
struct Hour {
    from_s: f64,
    to_s: f64,
    /// Weight of each stop as an origin.
    departs: Vec<f64>,
    /// Weight of each stop as a destination, distance apart.
    arrives: Vec<f64>,
}

impl<'a> Model<'a> {
    fn new(scenario: &'a Scenario, travel: &TravelTable) -> Option<Model<'a>> {
        let generator = scenario.demand.generator.as_ref()?;
        let weekday = scenario.weekday()? as usize;
        let (opens, closes) = scenario.hours()?;
        let stops = &scenario.stops;
        let pull = pull(generator, stops, travel);

        let mut hours = Vec::new();
        let mut hour_weights = Vec::new();
        for clock_hour in 0..48 {
            let from_s = opens.s().max(f64::from(clock_hour) * 3_600.0);
            let to_s = closes.s().min(f64::from(clock_hour + 1) * 3_600.0);
            let of_day = clock_hour as usize % 24;
            if to_s <= from_s || generator.profile[of_day] <= 0.0 {
                continue;
            }
            let weigh = |by_hour: fn(&crate::scenario::CategoryProfile) -> &[f64]| -> Vec<f64> {
                let of_category = |stop: &Stop| {
                    let profile = generator.categories.iter().find(|profile| profile.category == stop.category);
                    profile.map_or(0.0, |profile| by_hour(profile)[of_day])
                };
                stops.iter().map(|stop| stop.weight * of_category(stop)).collect()
            };
            let mut departs = weigh(|profile| &profile.departs);
            let arrives = weigh(|profile| &profile.arrives);
            // Nobody sets out from where nothing can be reached.
            for (origin, weight) in departs.iter_mut().enumerate() {
                let row = &pull[origin * stops.len()..][..stops.len()];
                if !row.iter().zip(&arrives).any(|(pull, arrives)| pull * arrives > 0.0) {
                    *weight = 0.0;
                }
            }
            if departs.iter().any(|&weight| weight > 0.0) {
                hour_weights.push(generator.profile[of_day] * (to_s - from_s) / 3_600.0);
                hours.push(Hour { from_s, to_s, departs, arrives });
            }
        }
        let trips = (generator.trips_per_day * generator.by_weekday[weekday] * scenario.demand.factor).round() as u64;
        (!hours.is_empty()).then_some(Model { generator, stops, trips, pull, hours, hour_weights })
    }

    fn trip(&self, seed: u64, number: u64) -> Trip {
        let mut rng = Rng::new(seed, &format!("trip {number}"));
        let hour = &self.hours[rng.weighted(&self.hour_weights)];
        let ready_s = hour.from_s + (rng.unit() * (hour.to_s - hour.from_s)).floor();
        let origin = rng.weighted(&hour.departs);
        let row = &self.pull[origin * self.stops.len()..][..self.stops.len()];
        let weights: Vec<f64> = row.iter().zip(&hour.arrives).map(|(pull, arrives)| pull * arrives).collect();
        let destination = rng.weighted(&weights);
        let people = 1 + rng.weighted(&self.generator.party_weights) as u32;
        let wheelchairs = u32::from(rng.unit() < self.generator.wheelchair_share);
        let booked = rng.unit() < self.generator.booked_share;
        let [shortest, longest] = self.generator.booked_ahead_min;
        let ahead_s = ((shortest + rng.unit() * (longest - shortest)) * 60.0).round();
        let by_phone = rng.unit() < self.generator.phone_share.unwrap_or(0.0);
        Trip {
            request_s: if booked { ready_s - ahead_s } else { ready_s },
            earliest_pickup_s: booked.then_some(ready_s),
            origin: self.stops[origin].id.clone(),
            destination: self.stops[destination].id.clone(),
            channel: if by_phone { Channel::Phone } else { Channel::App },
            passengers: people - wheelchairs,
            wheelchairs,
            ..Trip::default()
        }
    }
}

/// exp(-driving time / decay) for each pair of stops, 0 where the way is walked or does not exist.
fn pull(generator: &Generator, stops: &[Stop], travel: &TravelTable) -> Vec<f64> {
    let mut pull = Vec::with_capacity(stops.len() * stops.len());
    for origin in stops {
        for destination in stops {
            let (from, to) = (NodeId(origin.node), NodeId(destination.node));
            let time = travel.time(from, to);
            // Two stops at one node are one place.
            let rides = from != to && time < Time::NEVER && travel.length_m(from, to) >= generator.min_distance_m;
            pull.push(if rides { math::exp(-time.s() / (generator.decay_min * 60.0)) } else { 0.0 });
        }
    }
    pull
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roads::Roads;

    fn draw(scenario: &Scenario) -> Vec<Trip> {
        let roads = Roads::new(&scenario.network);
        let stops = scenario.stops.iter().map(|stop| NodeId(stop.node));
        generate(scenario, &TravelTable::new(&roads, stops, true))
    }

    /// The village with so many trips a day, and a change to its generator.
    fn village(trips: f64, change: impl FnOnce(&mut Generator)) -> Scenario {
        let mut scenario = Scenario::village();
        let generator = scenario.demand.generator.as_mut().unwrap();
        generator.trips_per_day = trips;
        change(generator);
        scenario
    }

    /// How many of `trips` are so.
    fn count(trips: &[Trip], so: impl Fn(&Trip) -> bool) -> f64 {
        trips.iter().filter(|trip| so(trip)).count() as f64
    }

    #[test]
    fn more_demand_leaves_the_first_trips_as_they_are() {
        let mut scenario = village(40.0, |_| {});
        let day = draw(&scenario);
        assert_eq!(day.len(), 40);
        scenario.demand.factor = 2.5;
        let busier = draw(&scenario);
        assert_eq!(busier.len(), 100);
        assert_eq!(day, busier[..40]);
    }

    #[test]
    fn a_seed_repeats_its_day_and_another_draws_another() {
        let mut scenario = village(40.0, |_| {});
        assert_eq!(draw(&scenario), draw(&scenario));
        let day = draw(&scenario);
        scenario.seed = 2;
        assert_ne!(day, draw(&scenario));
    }

    #[test]
    fn more_bookings_change_the_time_of_the_call_and_nothing_else() {
        let bare = |trip: Trip| Trip {
            request_s: trip.earliest_pickup_s.unwrap_or(trip.request_s),
            earliest_pickup_s: None,
            ..trip
        };
        let draw = |booked_share| draw(&village(200.0, |g| g.booked_share = booked_share)).into_iter();
        assert!(draw(0.0).all(|trip| trip.earliest_pickup_s.is_none()));
        assert!(draw(1.0).all(|trip| trip.earliest_pickup_s.is_some()));
        assert!(draw(0.0).eq(draw(1.0).map(bare)));
    }

    #[test]
    fn calls_by_phone_have_their_share_and_change_nothing_else() {
        let by_phone = draw(&village(10_000.0, |g| g.phone_share = Some(0.4)));
        // Five standard deviations are 5 x sqrt(10,000 x 0.4 x 0.6) = 245.
        let calls = count(&by_phone, |trip| trip.channel == Channel::Phone);
        assert!((calls - 4_000.0).abs() < 245.0, "{calls}");
        let in_app = by_phone.into_iter().map(|trip| Trip { channel: Channel::App, ..trip });
        assert!(draw(&village(10_000.0, |_| {})).into_iter().eq(in_app));
    }

    #[test]
    fn weekday_and_factor_multiply_the_number() {
        // A Wednesday: 40 x 0.5 x 1.3 = 26.
        let mut scenario = village(40.0, |g| g.by_weekday = [9.0, 9.0, 0.5, 9.0, 9.0, 9.0, 9.0]);
        scenario.demand.factor = 1.3;
        assert_eq!(draw(&scenario).len(), 26);
        // A Sunday has no service.
        scenario.day.date = "2026-04-05".to_owned();
        assert_eq!(draw(&scenario), []);
    }

    #[test]
    fn pickups_keep_to_the_hours_of_service_and_to_the_profile() {
        // Service from 08:30 to 11:00; of its hours 8 counts 2 for the half that is open, 9 counts 1 and 10 nothing.
        let mut scenario = village(6_000.0, |g| {
            g.profile.fill(5.0);
            g.profile[8..11].copy_from_slice(&[4.0, 1.0, 0.0]);
        });
        scenario.service.hours[0].opens.0 = Time::from_s(30_600.0);
        scenario.service.hours[0].closes.0 = Time::from_s(39_600.0);
        let trips = draw(&scenario);
        let ready_s = |trip: &Trip| trip.earliest_pickup_s.unwrap_or(trip.request_s);
        assert!(trips.iter().all(|trip| (30_600.0..36_000.0).contains(&ready_s(trip)) && ready_s(trip).fract() == 0.0));
        // 4,000 of 6,000 before nine; five standard deviations are 5 x sqrt(6,000 x 2/9) = 183.
        let early = count(&trips, |trip| ready_s(trip) < 32_400.0);
        assert!((early - 4_000.0).abs() < 183.0, "{early}");
    }

    #[test]
    fn hours_past_midnight_use_the_profile_of_the_small_hours() {
        let mut scenario = village(50.0, |g| {
            g.profile.fill(0.0);
            g.profile[1] = 1.0;
        });
        scenario.service.hours[0].closes.0 = Time(26 * Time::HOUR.0);
        let ready_s = |trip: &Trip| trip.earliest_pickup_s.unwrap_or(trip.request_s);
        // 01:00 to 02:00 of the next day is 25 to 26 o'clock.
        assert!(draw(&scenario).iter().all(|trip| (90_000.0..93_600.0).contains(&ready_s(trip))));
    }

    #[test]
    fn near_places_draw_more_by_the_decay() {
        // From a, the stops b, c, d are 100, 200, 300 s away; with a decay of 100 s they draw in proportion to
        // e^-1 : e^-2 : e^-3 = 0.665 : 0.245 : 0.090.
        let scenario = village(20_000.0, |g| g.decay_min = 100.0 / 60.0);
        let trips = draw(&scenario);
        let from_a: Vec<Trip> = trips.into_iter().filter(|trip| trip.origin == "a").collect();
        // All stops depart alike: 5,000; five standard deviations are 5 x sqrt(20,000 x 3/16) = 306.
        assert!((from_a.len() as f64 - 5_000.0).abs() < 306.0, "{}", from_a.len());
        for (stop, share) in [("b", 0.665), ("c", 0.245), ("d", 0.090)] {
            // Five standard deviations are at most 5 x sqrt(0.665 x 0.335 / 5,000) = 0.034.
            let drawn = count(&from_a, |trip| trip.destination == stop) / from_a.len() as f64;
            assert!((drawn - share).abs() < 0.034, "{stop}: {drawn}");
        }
    }

    #[test]
    fn categories_give_and_take_by_the_hour() {
        // The station, a, only takes at 8 and only gives at 17.
        let scenario = village(400.0, |g| {
            g.profile.fill(0.0);
            (g.profile[8], g.profile[17]) = (1.0, 1.0);
            (g.categories[0].departs[8], g.categories[0].arrives[17]) = (0.0, 0.0);
        });
        for trip in draw(&scenario) {
            let morning = trip.earliest_pickup_s.unwrap_or(trip.request_s) < 43_200.0;
            assert_ne!(if morning { &trip.origin } else { &trip.destination }, "a");
        }
    }

    #[test]
    fn nobody_rides_a_way_that_is_walked_or_does_not_exist() {
        // With 2 km at least, a reaches c and d, b reaches d, and so on back.
        for trip in draw(&village(500.0, |g| g.min_distance_m = 2_000.0)) {
            let at = |id: &str| "abcd".find(id).unwrap() as i32;
            assert!((at(&trip.origin) - at(&trip.destination)).abs() >= 2, "{trip:?}");
        }
        // Nothing is 4 km away.
        assert_eq!(draw(&village(500.0, |g| g.min_distance_m = 3_001.0)), []);
        // The last section leads only out to d: nobody comes from there.
        let mut scenario = village(500.0, |_| {});
        scenario.network.edges[2].one_way = true;
        assert!(draw(&scenario).iter().all(|trip| trip.origin != "d"));
    }

    #[test]
    fn parties_wheelchairs_and_bookings_have_their_shares() {
        let trips = draw(&village(10_000.0, |_| {}));
        // Expected and five standard deviations, 5 x sqrt(10,000 p (1 - p)): pairs 1/4, wheelchairs 0.1, bookings 0.3.
        let pairs = count(&trips, |trip| trip.passengers + trip.wheelchairs == 2);
        assert!((pairs - 2_500.0).abs() < 217.0, "{pairs}");
        let wheelchairs = count(&trips, |trip| trip.wheelchairs == 1);
        assert!((wheelchairs - 1_000.0).abs() < 150.0, "{wheelchairs}");
        let booked = count(&trips, |trip| trip.earliest_pickup_s.is_some());
        assert!((booked - 3_000.0).abs() < 230.0, "{booked}");
        for trip in &trips {
            assert!((1..=2).contains(&(trip.passengers + trip.wheelchairs)), "{trip:?}");
            if let Some(earliest_s) = trip.earliest_pickup_s {
                assert!((3_600.0..=36_000.0).contains(&(earliest_s - trip.request_s)), "{trip:?}");
            }
        }
    }

    #[test]
    fn what_is_drawn_is_a_valid_scenario() {
        let mut scenario = village(200.0, |_| {});
        scenario.demand.trips = draw(&scenario);
        assert_eq!(scenario.problems(), []);
    }
}
