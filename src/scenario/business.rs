//! What the year's account takes to be otherwise than usual.

use serde::{Deserialize, Serialize};

data! {
    /// The year's account ([`crate::business`]).
    #[derive(Default)]
    pub struct Business {
        /// Prices, and what else the account is computed from, that differ from the usual; in the account they stand in the place of
        /// `costs`, `fares` and the contracts, while days are lived through with those.
        pub prices: Vec<Price>,
    }

    /// A price of one's own.
    #[derive(Default)]
    pub struct Price {
        /// Which, such as `driver`; `noriai business --json` lists all.
        pub key: String,
        /// Its value, in the unit that is listed there.
        pub value: f64,
        /// The lowest that it may be; absent: as usual if the value lies in the usual range, else 20 % below it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub low: Option<f64>,
        /// The highest that it may be; absent: as usual if the value lies in the usual range, else 20 % above it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub high: Option<f64>,
        /// Of what is bought once: years until it is bought again; absent: as usual.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub life_years: Option<f64>,
        /// Where it was read; absent: it is an assumption.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub source: Option<String>,
    }
}
