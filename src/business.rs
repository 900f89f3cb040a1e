//! The year's account of a town's service: what carrying people, and their batteries' energy, bring and cost.
//!
//! Three steps, of which only the first takes runs. [`typical_days`] says which days to live through, and for how many others each
//! stands; [`Year`] takes in their amounts and gives [`Quantities`]; [`account`] multiplies these by [`Parameter`]s. So a price that
//! changes needs no new run. Only rides, kilometres, hours and energy stay those of the days: nobody stays at home because of a fare,
//! and schedules go by the prices that the days were lived through with.
//!
//! **Two sides.** The mobility side pays drivers, vehicles and the rest, and for each kWh that its vans draw for driving the meter's price
//! of that half hour, whether it was bought or came from the sun. The energy side gets that, and pays what the
//! depots' meters say more than those of the same sites without vans, which are lived through as well: energy, peaks, fuel, less what is
//! sold. Own sun and wind that the vans use, and what they give back, are told by themselves, as what they would have cost; the wear
//! of giving back, and what two-way chargers cost more, are taken off. What one side pays the other is on both with opposite signs,
//! so the result of both is the sum of the two, and what a van draws is paid once.
//!
//! What is bought once is paid as an [`annuity`]. What a vehicle's battery loses by driving is part of the vehicle.
//! Left out: taxes on the result, inflation, and the building, which is there without vans.

mod account;
mod carbon;
mod parameters;
mod quantities;
mod typical;

pub use account::{Account, AccountFigures, AccountLine, Side, Swing, Totals, account, annuity};
pub use carbon::{Carbon, carbon};
pub use parameters::{Parameter, change, parameters, problems};
pub(crate) use parameters::{usual, value};
pub use quantities::{Amount, AsRun, Quantities, Year, YearRiders};
pub use typical::{TypicalDay, typical_days};
