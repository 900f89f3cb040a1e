//! The account: amounts times prices, and what follows from them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::parameters::Parameter;
use super::quantities::{Amount, Quantities};
use crate::math;
use crate::scenario::Text;

/// A year's account. Money in yen; what comes in is positive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Account {
    /// What comes in and goes out, in the order of reading; lines of nothing are left out.
    pub lines: Vec<AccountLine>,
    /// The mobility side.
    pub mobility: Totals,
    /// The energy side.
    pub energy: Totals,
    /// Both, without what one pays the other.
    pub both: Totals,
    /// What follows from them.
    pub figures: AccountFigures,
    /// What moves the result of both sides, the strongest first.
    pub tornado: Vec<Swing>,
}

/// One line: `yen` = `quantity` x `unit_price`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct AccountLine {
    /// Stable id.
    pub key: String,
    /// Name.
    pub name: Text,
    /// Whose line it is.
    pub side: Side,
    /// Whether one side pays it to the other: it stands on both with opposite signs.
    pub internal: bool,
    /// What comes in; negative: goes out.
    pub yen: f64,
    /// How much of it in the year.
    pub quantity: f64,
    /// Unit of the quantity.
    pub unit: String,
    /// Yen for each, with the sign of `yen`. What is bought once: its annuity.
    pub unit_price: f64,
    /// Key of the parameter that prices it.
    pub parameter: String,
    /// Where the price was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub source: Option<String>,
    /// Why it is assumed, where it has no source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub assumption: Option<Text>,
}

/// Sides of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Who carries people.
    Mobility,
    /// Who has the depots' meters and chargers.
    Energy,
}

/// Sums of a side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Totals {
    /// Of the lines that come in.
    pub income_yen: f64,
    /// Of those that go out, as a positive number.
    pub cost_yen: f64,
    /// Income less cost.
    pub result_yen: f64,
}

/// Figures of the account. A ratio with nothing below its line is absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct AccountFigures {
    /// Rides on a day of service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub rides_per_day: Option<f64>,
    /// What riders pay for a ride, all fares together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub fare_yen_per_ride: Option<f64>,
    /// Cost of the mobility side for a ride.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub cost_yen_per_ride: Option<f64>,
    /// What both sides together lack for a ride before any subsidy; negative: they earn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub subsidy_yen_per_ride: Option<f64>,
    /// Cost of the mobility side for a kilometre of a vehicle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub cost_yen_per_km: Option<f64>,
    /// What riders would have to pay for a ride so that the result of both sides is 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub break_even_fare_yen: Option<f64>,
    /// By how much all fares would have to be multiplied for it: the parameter `fares`; absent where no level of fares does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub break_even_fares: Option<f64>,
    /// Rides on a day of service with which the result is 0, with the same drivers and vehicles. Whether these could carry them
    /// only a run can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub break_even_rides_per_day: Option<f64>,
    /// By how much demand would have to be multiplied for it: the parameter `rides`; absent where a ride costs more than it brings, or
    /// where it pays without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub break_even_rides: Option<f64>,
}

/// What a parameter does to the result of both sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Swing {
    /// Key of the parameter.
    pub parameter: String,
    /// Its lowest value.
    pub low: f64,
    /// Its highest value.
    pub high: f64,
    /// Change of the result at the lowest value.
    pub low_yen: f64,
    /// Change of the result at the highest value.
    pub high_yen: f64,
}

/// What is paid each year for something that costs 1 and lasts for `life_years` at a yearly interest: the capital recovery factor
/// i (1 + i)ⁿ / ((1 + i)ⁿ − 1), without interest 1 / n (Blank and Tarquin, *Engineering Economy*, chapter 2).
pub fn annuity(interest: f64, life_years: f64) -> f64 {
    let grown = math::pow(1.0 + interest, life_years);
    if grown - 1.0 < 1e-12 { 1.0 / life_years } else { interest * grown / (grown - 1.0) }
}

/// The account of a year. A parameter that is missing counts as 0; [`super::problems`] tells.
///
/// O(parameters x (lines + parameters log parameters)): some microseconds for each parameter, so that it can follow a slider.
pub fn account(year: &Quantities, parameters: &[Parameter]) -> Account {
    let values: Values = parameters.iter().map(|parameter| (parameter.key.as_str(), parameter)).collect();
    let entries = entries(year, &Book { values: &values, instead: None });
    let result = |key: &str, value: f64| {
        let entries = self::entries(year, &Book { values: &values, instead: Some((key, value)) });
        entries.iter().map(|entry| entry.yen).sum::<f64>()
    };
    let totals = |of: &dyn Fn(&Entry) -> bool| {
        let yen = || entries.iter().filter(|entry| of(entry)).map(|entry| entry.yen);
        let income_yen = yen().filter(|yen| *yen > 0.0).sum();
        let cost_yen = -yen().filter(|yen| *yen < 0.0).sum::<f64>();
        Totals { income_yen, cost_yen, result_yen: income_yen - cost_yen }
    };
    let mobility = totals(&|entry| entry.kind.side() == Side::Mobility);
    let energy = totals(&|entry| entry.kind.side() == Side::Energy);
    let both = totals(&|entry| !entry.kind.internal());
    let of = |found: &dyn Fn(Kind) -> bool| {
        entries.iter().filter(|entry| found(entry.kind)).map(|entry| entry.yen).sum::<f64>()
    };
    let fares_yen = of(&Kind::is_fare);
    let subsidy_yen = of(&|kind| kind == Kind::Subsidy);
    let rides = year.rides * values.get("rides").map_or(0.0, |parameter| parameter.value);
    let km = year.vehicle_km * rides / year.rides.max(1e-9) * values.get("kilometres").map_or(0.0, |of| of.value);
    let for_a_ride = |yen: f64| (rides > 0.0).then(|| yen / rides);
    let break_even_fares = break_even(&|value| result("fares", value));
    let break_even_rides = break_even(&|value| result("rides", value));
    let per_day = |rides: f64| (year.service_days > 0.0).then(|| rides / year.service_days);
    let figures = AccountFigures {
        rides_per_day: per_day(rides),
        fare_yen_per_ride: for_a_ride(fares_yen),
        cost_yen_per_ride: for_a_ride(mobility.cost_yen),
        subsidy_yen_per_ride: for_a_ride(subsidy_yen - both.result_yen),
        cost_yen_per_km: (km > 0.0).then(|| mobility.cost_yen / km),
        break_even_fare_yen: for_a_ride(fares_yen - both.result_yen),
        break_even_fares,
        break_even_rides_per_day: break_even_rides.and_then(|factor| per_day(factor * year.rides)),
        break_even_rides,
    };
    let mut tornado: Vec<Swing> = parameters
        .iter()
        .map(|parameter| {
            let (low, high) = parameter.range();
            let change = |value: f64| result(&parameter.key, value) - both.result_yen;
            let (low_yen, high_yen) = (change(low), change(high));
            Swing { parameter: parameter.key.clone(), low, high, low_yen, high_yen }
        })
        // What adds up in another order may differ in its last digits.
        .filter(|swing| swing.width() > 1e-9 * (both.income_yen + both.cost_yen))
        .collect();
    tornado.sort_by(|a, b| b.width().total_cmp(&a.width()));
    let lines =
        entries.iter().filter(|entry| entry.yen.abs() > NOTHING_YEN).map(|entry| line(entry, year, &values)).collect();
    Account { lines, mobility, energy, both, figures, tornado }
}

impl Swing {
    /// Between the results at its two ends, yen.
    pub fn width(&self) -> f64 {
        let ends = [0.0, self.low_yen, self.high_yen];
        ends.iter().fold(f64::MIN, |most, yen| most.max(*yen))
            - ends.iter().fold(f64::MAX, |least, yen| least.min(*yen))
    }
}

/// Where a straight line through its values at 0 and 1 is 0, if it rises and does so above 0.
fn break_even(result: &dyn Fn(f64) -> f64) -> Option<f64> {
    let (at_0, at_1) = (result(0.0), result(1.0));
    let rise = at_1 - at_0;
    (rise > 1e-9 * at_0.abs() && at_0 <= 0.0).then(|| -at_0 / rise)
}

/// Less than this is what adding up in floating point leaves.
const NOTHING_YEN: f64 = 1e-6;

type Values<'a> = BTreeMap<&'a str, &'a Parameter>;

/// Parameters by key, one of them perhaps with another value.
struct Book<'a> {
    values: &'a Values<'a>,
    instead: Option<(&'a str, f64)>,
}

impl Book<'_> {
    fn get(&self, key: &str) -> f64 {
        match self.instead {
            Some((other, value)) if other == key => value,
            _ => self.values.get(key).map_or(0.0, |parameter| parameter.value),
        }
    }

    /// Yearly cost of what is bought once.
    fn yearly(&self, key: &str) -> f64 {
        let life_years = self.values.get(key).and_then(|parameter| parameter.life_years).unwrap_or(1.0);
        self.get(key) * annuity(self.get("interest"), life_years)
    }

    /// An amount at another price than it was lived through with.
    fn priced(&self, key: &str, amount: &Amount, as_run: f64) -> f64 {
        if as_run == 0.0 { amount.quantity * self.get(key) } else { amount.yen * self.get(key) / as_run }
    }
}

/// A line as it is computed.
struct Entry {
    kind: Kind,
    quantity: f64,
    yen: f64,
}

/// What a line is about; fares by their position among [`Quantities::riders`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fare(usize),
    Child,
    Pass,
    Night,
    Parcels,
    Subsidy,
    Drivers,
    Supervisors,
    Vehicles,
    VehiclePurchase,
    Maintenance,
    Fuel,
    Electricity,
    Stored,
    Chargers,
    Software,
    Overhead,
    Vans,
    Bought,
    Sun,
    Peak,
    FuelCell,
    Sold,
    Given,
    Wear,
    OthersStored,
    TwoWay,
}

fn entries(year: &Quantities, book: &Book) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(32);
    let mut put = |kind: Kind, quantity: f64, yen: f64| entries.push(Entry { kind, quantity, yen });
    let factor = |key: &str| book.get(key);
    let (rides, fares) = (factor("rides"), factor("fares"));
    // Who rides free, at the child fare and on a pass; the rest pays in full.
    let (free, child, pass) = (book.get("free_share"), book.get("child_share"), book.get("pass_share"));
    let full = 1.0 - free - child - pass;
    let (mut people, mut night, mut children_yen) = (0.0, 0.0, 0.0);
    for (index, riders) in year.riders.iter().enumerate() {
        let fare_yen = fares * book.get(&riders.key);
        put(Kind::Fare(index), rides * full * riders.people, rides * full * riders.people * fare_yen);
        children_yen += rides * child * riders.people * book.get("child") * fare_yen;
        people += rides * riders.people;
        night += rides * riders.night;
    }
    put(Kind::Child, child * people, children_yen);
    put(Kind::Pass, pass * people, pass * people * fares * book.get("pass"));
    put(Kind::Night, (full + child) * night, (full + child) * night * fares * book.get("night"));
    let parcels = factor("parcels") * year.parcels;
    put(Kind::Parcels, parcels, parcels * book.get("parcel"));
    put(Kind::Subsidy, 1.0, book.get("subsidy"));

    let km = rides * factor("kilometres");
    let mut pay = |kind: Kind, quantity: f64, unit_price: f64| put(kind, quantity, -quantity * unit_price);
    pay(Kind::Drivers, factor("driver_hours") * year.driver_h, book.get("driver"));
    pay(Kind::Supervisors, factor("supervisor_hours") * year.supervisor_h, book.get("supervisor"));
    let vehicles = factor("vehicles");
    pay(Kind::Vehicles, vehicles * year.vehicles, book.get("vehicle"));
    pay(Kind::VehiclePurchase, vehicles * year.vehicles, book.yearly("vehicle_purchase"));
    pay(Kind::Maintenance, km * year.vehicle_km, book.get("maintenance"));
    pay(Kind::Fuel, km * year.fuel_km, book.get("fuel"));
    pay(Kind::Chargers, vehicles * year.chargers, book.yearly("charger"));
    pay(Kind::Software, year.days / 365.0, book.get("software"));
    pay(Kind::Overhead, year.service_days, book.get("overhead"));

    let electricity = |amount: &Amount| book.priced("electricity", amount, year.as_run.electricity);
    let driving_yen = km * electricity(&year.driving);
    put(Kind::Electricity, km * year.driving.quantity, -driving_yen);
    put(Kind::Stored, km * year.stored.quantity, km * electricity(&year.stored));
    put(Kind::Vans, km * year.driving.quantity, driving_yen);
    // What vans would take if all came through the meter and nothing went back. More kilometres draw more at the price that
    // the vans pay for it.
    let more = Amount { quantity: (km - 1.0) * year.driving.quantity, yen: (km - 1.0) * year.driving.yen };
    let needed = sum(&[year.bought, year.sun, year.given, more]);
    put(Kind::Bought, needed.quantity, -electricity(&needed));
    put(Kind::Sun, year.sun.quantity, electricity(&year.sun));
    put(Kind::Given, year.given.quantity, electricity(&year.given));
    put(Kind::Wear, year.worn.quantity, -book.priced("battery", &year.worn, year.as_run.battery));
    put(Kind::Peak, year.peak.quantity, -book.priced("demand", &year.peak, year.as_run.demand));
    put(Kind::FuelCell, year.fuel_cell.quantity, -book.priced("fuel_cell", &year.fuel_cell, year.as_run.fuel_cell));
    put(Kind::Sold, year.sold.quantity, book.priced("export", &year.sold, year.as_run.export));
    put(Kind::OthersStored, year.others_stored.quantity, electricity(&year.others_stored));
    let two_way = vehicles * year.two_way;
    put(Kind::TwoWay, two_way, -two_way * book.yearly("two_way"));
    entries
}

fn sum(amounts: &[Amount]) -> Amount {
    let add =
        |sum: Amount, amount: &Amount| Amount { quantity: sum.quantity + amount.quantity, yen: sum.yen + amount.yen };
    amounts.iter().fold(Amount::default(), add)
}

impl Kind {
    fn is_fare(self) -> bool {
        matches!(self, Kind::Fare(_) | Kind::Child | Kind::Pass | Kind::Night)
    }

    /// Paid by one side to the other.
    fn internal(self) -> bool {
        matches!(self, Kind::Electricity | Kind::Vans)
    }

    fn side(self) -> Side {
        match self {
            Kind::Vans
            | Kind::Bought
            | Kind::Sun
            | Kind::Peak
            | Kind::FuelCell
            | Kind::Sold
            | Kind::Given
            | Kind::Wear
            | Kind::OthersStored
            | Kind::TwoWay => Side::Energy,
            _ => Side::Mobility,
        }
    }

    /// Key, parameter, unit of the quantity, name in Japanese and English.
    fn words(self) -> [&'static str; 5] {
        match self {
            Kind::Fare(_) => ["fare", "", "rides", "運賃", "Fares"],
            Kind::Child => ["child", "child", "rides", "小児運賃", "Fares of children"],
            Kind::Pass => ["pass", "pass", "rides", "定期券", "Passes"],
            Kind::Night => ["night", "night", "rides", "夜間の割増", "Surcharge at night"],
            Kind::Parcels => ["parcels", "parcel", "parcels", "荷物", "Parcels"],
            Kind::Subsidy => ["subsidy", "subsidy", "years", "補助金", "Subsidy granted"],
            Kind::Drivers => ["drivers", "driver", "h", "運転者", "Drivers"],
            Kind::Supervisors => ["supervisors", "supervisor", "h", "遠隔監視者", "Supervisors"],
            Kind::Vehicles => ["vehicles", "vehicle", "vehicle years", "車両", "Vehicles"],
            Kind::VehiclePurchase => {
                ["vehicle_purchase", "vehicle_purchase", "vehicle years", "車両の購入", "Purchase of vehicles"]
            }
            Kind::Maintenance => ["maintenance", "maintenance", "km", "タイヤと修理", "Tyres and repairs"],
            Kind::Fuel => ["fuel", "fuel", "km", "燃料", "Fuel"],
            Kind::Electricity => ["electricity", "electricity", "kWh", "充電の電気", "Electricity for driving"],
            Kind::Stored => ["stored", "electricity", "kWh", "電池残量の差", "More left in the vans"],
            Kind::Chargers => ["chargers", "charger", "charger years", "充電器", "Chargers"],
            Kind::Software => ["software", "software", "years", "予約配車システム", "Booking system"],
            Kind::Overhead => ["overhead", "overhead", "days", "予約受付・配車・管理", "Bookings and management"],
            Kind::Vans => ["vans", "electricity", "kWh", "車両からの電気代", "Paid by the vans"],
            Kind::Bought => ["bought", "electricity", "kWh", "車両のための電気", "Electricity for the vans"],
            Kind::Sun => ["sun", "electricity", "kWh", "太陽光・風力の自家消費の増加", "Own sun and wind used"],
            Kind::Peak => ["peak", "demand", "kW x months", "基本料金の増加", "Higher peak"],
            Kind::FuelCell => ["fuel_cell", "fuel_cell", "kWh", "燃料電池", "Fuel cell"],
            Kind::Sold => ["sold", "export", "kWh", "売電", "Energy sold"],
            Kind::Given => ["given", "electricity", "kWh", "車両からの放電", "Given back by the vans"],
            Kind::Wear => ["wear", "battery", "kWh", "放電による電池の劣化", "Wear of batteries by it"],
            Kind::OthersStored => {
                ["others_stored", "electricity", "kWh", "ほかの電池の残量の差", "More left in other batteries"]
            }
            Kind::TwoWay => ["two_way", "two_way", "charger years", "双方向充電器の追加", "Two-way chargers"],
        }
    }
}

fn line(entry: &Entry, year: &Quantities, values: &Values) -> AccountLine {
    let [key, parameter, unit, ja, en] = entry.kind.words();
    let (key, parameter, name) = match entry.kind {
        Kind::Fare(index) => {
            let riders = &year.riders[index];
            let name = Text::new(format!("{ja}：{}", riders.name.ja), format!("{en}: {}", riders.name.en));
            (riders.key.clone(), riders.key.as_str(), name)
        }
        _ => (key.to_owned(), parameter, Text::new(ja, en)),
    };
    let of = values.get(parameter);
    AccountLine {
        key,
        name,
        side: entry.kind.side(),
        internal: entry.kind.internal(),
        yen: entry.yen,
        quantity: entry.quantity,
        unit: unit.to_owned(),
        unit_price: if entry.quantity == 0.0 { 0.0 } else { entry.yen / entry.quantity },
        parameter: parameter.to_owned(),
        source: of.and_then(|parameter| parameter.source.clone()),
        assumption: of.and_then(|parameter| parameter.assumption.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{YearRiders, usual};
    use super::*;
    use crate::business::AsRun;
    use crate::scenario::Scenario;

    fn amount(quantity: f64, yen: f64) -> Amount {
        Amount { quantity, yen }
    }

    fn year() -> Quantities {
        let name = Text::new("町", "town");
        Quantities {
            days: 365.0,
            service_days: 300.0,
            rides: 1_000.0,
            riders: vec![YearRiders { key: "fare:town".into(), name, people: 1_200.0, night: 100.0 }],
            parcels: 50.0,
            vehicle_km: 10_000.0,
            driver_h: 2_000.0,
            vehicles: 2.0,
            chargers: 2.0,
            two_way: 1.0,
            driving: amount(4_000.0, 80_000.0),
            bought: amount(3_000.0, 60_000.0),
            sun: amount(500.0, 10_000.0),
            given: amount(200.0, 6_000.0),
            worn: amount(220.0, 440.0),
            peak: amount(24.0, 48_000.0),
            as_run: AsRun { electricity: 20.0, demand: 2_000.0, battery: 20_000.0, ..AsRun::default() },
            ..Quantities::default()
        }
    }

    /// A fare of 300 yen in the village; usual prices but for these.
    fn prices() -> Vec<Parameter> {
        let mut parameters = usual(&Scenario::village());
        for (key, value) in [
            ("free_share", 0.1),
            ("child_share", 0.2),
            ("pass_share", 0.1),
            ("pass", 100.0),
            ("night", 50.0),
            ("subsidy", 1e6),
            ("interest", 0.0),
            ("electricity", 25.0),
            ("demand", 2_000.0),
        ] {
            let parameter = parameters.iter_mut().find(|parameter| parameter.key == key).expect("a known key");
            (parameter.value, parameter.low, parameter.high) = (value, None, None);
        }
        parameters
    }

    fn close(ours: impl Into<Option<f64>>, expected: f64) -> bool {
        ours.into().is_some_and(|ours| (ours - expected).abs() < 1e-6 * expected.abs().max(1.0))
    }

    #[test]
    fn an_annuity_pays_back_what_was_lent_with_its_interest() {
        // 2 % over eight years: 0.02 x 1.17166 / 0.17166.
        assert!((annuity(0.02, 8.0) - 0.136510).abs() < 1e-6);
        assert_eq!(annuity(0.0, 8.0), 0.125);
        // A loan of 1,000 yen: each year the interest of 5 % is added and the annuity paid.
        let left = (0..10).fold(1_000.0, |left, _| left * 1.05 - 1_000.0 * annuity(0.05, 10.0));
        assert!(left.abs() < 1e-9, "{left}");
    }

    #[test]
    fn an_account_is_as_by_hand() {
        let account = account(&year(), &prices());
        let yen = |key: &str| account.lines.iter().find(|line| line.key == key).map(|line| line.yen);
        for (key, expected) in [
            // Of 1,200 people 60 % pay in full, 20 % half, 10 % ride on a pass; 80 % of 100 pay the surcharge.
            ("fare:town", 720.0 * 300.0),
            ("child", 240.0 * 150.0),
            ("pass", 120.0 * 100.0),
            ("night", 80.0 * 50.0),
            ("parcels", 50.0 * 300.0),
            ("subsidy", 1e6),
            ("drivers", -2_000.0 * 2_300.0),
            ("vehicles", -2.0 * 1_277_500.0),
            ("maintenance", -10_000.0 * 8.0),
            // Without interest an eighth each year.
            ("chargers", -2.0 * 500_000.0 / 8.0),
            ("software", -2_400_000.0),
            ("overhead", -300.0 * 25_000.0),
            // All energy costs a quarter more than when the days were lived through: 25 for 20 yen.
            ("electricity", -80_000.0 * 1.25),
            ("vans", 80_000.0 * 1.25),
            ("bought", -(60_000.0 + 10_000.0 + 6_000.0) * 1.25),
            ("sun", 10_000.0 * 1.25),
            ("given", 6_000.0 * 1.25),
            ("wear", -440.0),
            ("peak", -24.0 * 2_000.0),
            ("two_way", -800_000.0 / 8.0),
        ] {
            assert!(close(yen(key), expected), "{key}: {:?}, not {expected}", yen(key));
        }
        assert_eq!(account.lines.len(), 20);
        assert!(close(account.mobility.income_yen, 1_283_000.0), "{:?}", account.mobility);
        assert!(close(account.mobility.cost_yen, 17_360_000.0), "{:?}", account.mobility);
        // 100,000 − 95,000 + 12,500 + 7,500 − 440 − 48,000 − 100,000.
        assert!(close(account.energy.result_yen, -123_440.0), "{:?}", account.energy);
        assert!(close(account.both.result_yen, 1_283_000.0 - 17_360_000.0 - 123_440.0), "{:?}", account.both);
    }

    #[test]
    fn figures_of_an_account_are_as_by_hand() {
        let figures = account(&year(), &prices()).figures;
        // Fares and surcharges are 268,000 yen, and both sides lack 16,200,440 yen beside a subsidy of a million.
        assert!(close(figures.cost_yen_per_ride, 17_360.0) && close(figures.cost_yen_per_km, 1_736.0), "{figures:?}");
        assert!(close(figures.fare_yen_per_ride, 268.0), "{figures:?}");
        assert!(close(figures.subsidy_yen_per_ride, 17_200.44), "{figures:?}");
        assert!(close(figures.break_even_fare_yen, 16_468.44), "{figures:?}");
        assert!(close(figures.break_even_fares, 16_468.44 / 268.0), "{figures:?}");
        // A thousand rides bring 268,000 yen and cost 80,000 for tyres and 100,000 for electricity.
        let factor = (16_200_440.0 + 88_000.0) / 88_000.0;
        assert!(close(figures.break_even_rides, factor), "{figures:?}");
        assert!(close(figures.break_even_rides_per_day, factor * 1_000.0 / 300.0), "{figures:?}");
    }

    #[test]
    fn nothing_breaks_even_where_nobody_pays() {
        let mut parameters = prices();
        parameters.iter_mut().filter(|parameter| parameter.key == "fares").for_each(|fares| fares.value = 0.0);
        let figures = account(&year(), &parameters).figures;
        assert!(figures.break_even_fares.is_some(), "fares at their level would");
        parameters.iter_mut().filter(|parameter| parameter.key.starts_with("fare:")).for_each(|fare| fare.value = 0.0);
        for key in ["pass", "night"] {
            parameters.iter_mut().filter(|parameter| parameter.key == key).for_each(|fare| fare.value = 0.0);
        }
        let figures = account(&year(), &parameters).figures;
        assert_eq!((figures.break_even_fares, figures.break_even_rides), (None, None));
    }

    #[test]
    fn a_price_that_was_zero_takes_effect() {
        let mut parameters = prices();
        parameters.iter_mut().filter(|parameter| parameter.key == "export").for_each(|export| export.value = 8.0);
        let year = Quantities { sold: amount(100.0, 0.0), ..year() };
        let sold = account(&year, &parameters).lines.into_iter().find(|line| line.key == "sold");
        assert!(close(sold.map(|line| line.yen), 800.0));
    }
}
