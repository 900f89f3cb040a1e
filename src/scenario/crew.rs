//! Who works for the service: operators at the phone, drivers, and what goes without them.

use serde::{Deserialize, Serialize};

use crate::units::Clock;

data! {
    /// Who takes bookings by phone. Calls are taken in their order, each by the operator who is free first; a request is known
    /// when its call is over.
    pub struct Phone {
        /// Operators who take calls at a time.
        pub operators: u32,
        /// Length of a call in seconds.
        pub call_s: u32,
        /// When calls are first taken, every day; absent: around the clock. Who calls before waits until then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub opens: Option<Clock>,
        /// When the last call is taken, every day; absent: around the clock. Who has not got through waits until the next opening.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub closes: Option<Clock>,
    }
}

data! {
    /// Who drives the vans. Drivers change at their van's depot, where it stands between two shifts; a van that nobody drives
    /// stays there.
    pub struct Drivers {
        /// How many there are today: each has a shift in a van of the fleet, in its order, made of the hours of service, which are
        /// divided evenly where they are longer than a usual duty.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub number: Option<u32>,
        /// Who drives what when, instead of `number`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub shifts: Vec<DriverShift>,
        /// What drivers may be asked for; absent: no limits, no breaks. `{}` is the Japanese standard for bus drivers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub rules: Option<WorkRules>,
    }

    /// How a van without a driver runs. It has a depot.
    pub struct Driverless {
        /// Ids of the stops that it serves, two or more: requests with both ends among them; absent: all stops.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub stops: Vec<String>,
        /// It drives no road faster, km/h.
        pub max_speed_kmh: f64,
        /// When it leaves its depot; absent: when the service opens.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub opens: Option<Clock>,
        /// When it is back; absent: when the service closes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub closes: Option<Clock>,
    }

    /// Who watches over vans without a driver. Vans beyond what they can watch, by their order in the fleet, stay parked.
    #[derive(Default)]
    pub struct Supervision {
        /// Supervisors at work while such vans run.
        pub supervisors: u32,
        /// Vans that each watches over at a time.
        pub vans_each: u32,
        /// How often such a van stops at the next junction on its way and asks for help, mean for each van and hour of its driving.
        #[serde(default, skip_serializing_if = "is_never")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub stuck_per_h: f64,
        /// How long it takes to free such a van, in seconds, once a supervisor attends to it. Each helps one van at a time, in
        /// the order in which they ask.
        #[serde(default, skip_serializing_if = "super::is_zero")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub help_s: u32,
    }

    /// A driver in a van.
    pub struct DriverShift {
        /// Id of the van.
        pub vehicle: String,
        /// Name of the driver, for one with several shifts; absent: a driver with this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub driver: Option<String>,
        /// Begin.
        pub begins: Clock,
        /// End.
        pub ends: Clock,
    }
}

/// Limits of drivers' work. What is not given is as the Japanese standards for bus drivers have it from April 2024 (改善基準告示:
/// Ministry of Health, Labour and Welfare, notice 367 of 2022).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct WorkRules {
    /// Hours on duty that shifts are made for, 13; breaks, and rests shorter than `min_rest_h`, are part of a duty.
    pub usual_duty_h: f64,
    /// Most hours on duty, 15.
    pub max_duty_h: f64,
    /// Shortest rest between two duties in hours, 9 (11 are to be aimed at).
    pub min_rest_h: f64,
    /// Most hours of driving without a full break, 4.
    pub max_driving_h: f64,
    /// Minutes of a full break, 30.
    pub break_min: u32,
    /// Shortest part of it in minutes, 10: so long a van stands without riders.
    pub break_part_min: u32,
}

impl Default for WorkRules {
    fn default() -> WorkRules {
        WorkRules {
            usual_duty_h: 13.0,
            max_duty_h: 15.0,
            min_rest_h: 9.0,
            max_driving_h: 4.0,
            break_min: 30,
            break_part_min: 10,
        }
    }
}

words! {
    /// How a ride is asked for.
    #[derive(Default)]
    pub enum Channel {
        /// In the app, or on the web: known at once.
        #[default]
        App,
        /// By phone: known when an operator has taken the call.
        Phone,
    }
}

fn is_never(rate: &f64) -> bool {
    *rate == 0.0
}

impl Channel {
    pub(super) fn is_app(&self) -> bool {
        *self == Channel::App
    }
}
