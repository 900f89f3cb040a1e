//! Who works for the service: operators at the phone.

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

impl Channel {
    pub(super) fn is_app(&self) -> bool {
        *self == Channel::App
    }
}
