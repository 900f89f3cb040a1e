//! Who wants to ride, and who does not come.

use super::*;

data! {
    /// Who wants to ride: generated requests, trips of one's own, or both.
    pub struct Demand {
        /// Multiplies the generated number of trips.
        pub factor: f64,
        /// Draws requests by a gravity model.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub generator: Option<Generator>,
        /// Trips given one by one.
        #[serde(default)]
        pub trips: Vec<Trip>,
        /// How riders keep to what they asked for; absent: everybody is there in time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub behaviour: Option<Behaviour>,
        /// Share of people of 65 and over around stops that tell none of their own, between 0 and 1; absent: unknown. It changes no
        /// request: figures of older people are weighted by it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub elderly_share: Option<f64>,
    }

    /// Riders who come late, and who do not come. Drawn for each request by itself; a trip may say so itself. Nobody knows before.
    pub struct Behaviour {
        /// Share of riders who come later than their promised window begins, between 0 and 1.
        pub late_share: f64,
        /// By how much those are late, mean of an exponential distribution, in seconds.
        pub late_mean_s: f64,
        /// Share of riders who do not come at all, between 0 and 1.
        pub no_show_share: f64,
    }

    /// A gravity model: a trip's hour is drawn from `profile`, its ends in proportion to the weights of their stops and
    /// what their category gives and takes at that hour, and to `exp(-driving time / decay_min)`.
    pub struct Generator {
        /// Trips on an ordinary day.
        pub trips_per_day: f64,
        /// Multiplies `trips_per_day`, Monday first.
        pub by_weekday: [f64; 7],
        /// Share of trips by hour of the desired pick-up (24 numbers, any scale); hours outside the service count as 0.
        pub profile: Vec<f64>,
        /// What each category of stops gives and takes by hour.
        pub categories: Vec<CategoryProfile>,
        /// Decay of demand with driving time, in minutes.
        pub decay_min: f64,
        /// Trips shorter than this many metres on the road are walked.
        pub min_distance_m: f64,
        /// Weights of parties of 1, 2, 3 … passengers.
        pub party_weights: Vec<f64>,
        /// Share of trips with one wheelchair, between 0 and 1.
        pub wheelchair_share: f64,
        /// Share of trips booked ahead, between 0 and 1.
        pub booked_share: f64,
        /// Shortest and longest time between booking and desired pick-up of those, in minutes.
        pub booked_ahead_min: [f64; 2],
        /// Share of trips asked for by phone, between 0 and 1; absent: none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub phone_share: Option<f64>,
    }

    /// How many trips begin and end at stops of a category, hour by hour (24 numbers each, any scale).
    pub struct CategoryProfile {
        /// The category.
        pub category: Category,
        /// Trips that begin here, by hour.
        pub departs: Vec<f64>,
        /// Trips that end here, by hour of their pick-up.
        pub arrives: Vec<f64>,
    }

    /// One trip of one's own data. Times count in seconds from midnight. Without anybody who rides it is freight: parcels that
    /// have to be there by their latest drop-off, or by the end of the service, and otherwise ride for as long as they like.
    #[derive(Default)]
    pub struct Trip {
        /// Name of the trip in written logs, if it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub id: Option<String>,
        /// Time of the call, or of the booking in the app.
        pub request_s: f64,
        /// How it is asked for.
        #[serde(default, skip_serializing_if = "Channel::is_app")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub channel: Channel,
        /// Earliest pick-up; absent, or before an operator has taken the call: at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub earliest_pickup_s: Option<f64>,
        /// Latest drop-off, if the rider set one; the service's own limit holds as well.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub latest_dropoff_s: Option<f64>,
        /// Id of the stop where it begins.
        pub origin: String,
        /// Id of the stop where it ends.
        pub destination: String,
        /// Adults, those in wheelchairs not counted.
        pub passengers: u32,
        /// Passengers in wheelchairs.
        #[serde(default)]
        pub wheelchairs: u32,
        /// How long after the begin of the promised window the party comes, in seconds; absent: as `demand.behaviour` draws it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub late_s: Option<f64>,
        /// Whether the party does not come; absent: as `demand.behaviour` draws it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub no_show: Option<bool>,
        /// Children, on seats of their own.
        #[serde(default, skip_serializing_if = "is_zero")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub children: u32,
        /// Parcels.
        #[serde(default, skip_serializing_if = "is_zero")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub parcels: u32,
    }
}
