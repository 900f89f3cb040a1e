//! The vans, where they wait, and how they break down.

use super::*;

data! {
    /// The vans.
    pub struct Fleet {
        /// One entry a van.
        pub vehicles: Vec<Vehicle>,
        /// Where idle vans wait under `nearest_hub`. Absent: at the depots and at the stops of category `station`; where there is
        /// neither, at stops so chosen that every stop is within five minutes of one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub hubs: Vec<Hub>,
        /// How often vans break down; absent: never.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub breakdowns: Option<Breakdowns>,
        /// Who drives them; absent: each has a driver as long as the service is open.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub drivers: Option<Drivers>,
    }

    /// A place where idle vans wait.
    pub struct Hub {
        /// Id of a stop or of a depot.
        pub place: String,
        /// How many vans may wait there; absent: any number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub vans: Option<u32>,
    }

    /// Vans break down by chance, each by itself: the distance to the next time is exponential. A van gets as far as the next
    /// stop or depot on its way, and stands there until it is repaired.
    pub struct Breakdowns {
        /// Mean distance between two of a van, km; absent: only those breakdowns happen that the vehicles name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub mean_km_between: Option<f64>,
        /// How long a van stands, in seconds.
        pub repair_s: u32,
    }

    /// A van.
    #[derive(Default)]
    pub struct Vehicle {
        /// Unique id.
        pub id: String,
        /// Passenger seats, the driver's not counted.
        pub seats: u32,
        /// Places for wheelchairs, beside the seats.
        pub wheelchair_places: u32,
        /// Places for parcels, beside both.
        #[serde(default, skip_serializing_if = "is_zero")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub parcel_places: u32,
        /// Id of the depot where it begins and ends its day and charges; absent: it has no home and stays where its last
        /// ride ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub depot: Option<String>,
        /// Days of the week on which it runs; absent: every day. On others it stays where its day begins.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub days: Vec<Weekday>,
        /// Index of the node where it begins its day; absent: at its depot.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub start_node: Option<u32>,
        /// Battery; absent: the van has range for any day and is not charged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub battery: Option<Battery>,
        /// It breaks down on its first drive that ends at this time or later, in seconds from midnight; absent: only by chance.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub breaks_down_s: Option<f64>,
        /// It runs without a driver; absent: with one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub driverless: Option<Driverless>,
    }

    /// A van's battery and what it feeds.
    pub struct Battery {
        /// Usable energy in kWh.
        pub capacity_kwh: f64,
        /// State of charge when the day begins, between 0 and 1.
        pub initial_soc: f64,
        /// State of charge below which the van must not fall, between 0 and 1.
        pub reserve_soc: f64,
        /// Highest power it takes, measured at the battery, kW.
        pub max_charge_kw: f64,
        /// Charging near full.
        pub taper: Taper,
        /// Share lost in the cells, each way.
        pub cell_loss: f64,
        /// Ageing.
        pub ageing: Ageing,
        /// Energy for driving, kWh per km.
        pub drive_kwh_per_km: f64,
        /// Power of lights and electronics while driving or boarding, kW.
        pub auxiliary_kw: f64,
        /// Heating and cooling.
        pub climate: Climate,
    }

    /// Power for heating and cooling while driving or boarding.
    pub struct Climate {
        /// Below this outdoor temperature it heats, degrees Celsius.
        pub heat_below_c: f64,
        /// kW for each degree below.
        pub heating_kw_per_k: f64,
        /// Above this outdoor temperature it cools, degrees Celsius.
        pub cool_above_c: f64,
        /// kW for each degree above.
        pub cooling_kw_per_k: f64,
    }
}

impl Vehicle {
    /// Whether it runs on a day of the week.
    pub fn runs_on(&self, weekday: Weekday) -> bool {
        self.days.is_empty() || self.days.contains(&weekday)
    }
}
