//! A depot during the day: who is plugged in where, and what flows at its meter.
//!
//! Powers are constant between two moments at which they are set: every [`STEP`], and whenever a van plugs in or leaves. So
//! energy is a sum of products, and the half hours at the meter add up exactly.

use std::collections::VecDeque;

use crate::battery::Link;
use crate::charging::optimal::{self, Ahead, Outlook, SlotPlan};
use crate::charging::{self, ChargingPolicy, Forecast, STEP, View};
use crate::fleet::Van;
use crate::log::{Flow, Log, SiteRow, Unit};
use crate::site::{SLOT, UnitSpec};
use crate::units::{DepotId, Time, VehicleId};
use crate::world::World;

/// A battery's power, and what is planned for it.
#[derive(Debug, Clone, Copy, Default)]
struct Current {
    site_kw: f64,
    stored_kw: f64,
    /// Energy from the site since the slot began.
    done_kwh: f64,
    /// Energy planned for the slot.
    planned_kwh: Option<f64>,
    /// Whether a line of the log says so already.
    logged: bool,
}

impl Current {
    /// What is planned for the slot and not done yet; what was done beyond the plan is not taken back.
    fn left_kwh(&self) -> Option<f64> {
        let planned_kwh = self.planned_kwh?;
        let left_kwh = planned_kwh - self.done_kwh;
        Some(if planned_kwh > 0.0 { left_kwh.max(0.0) } else { left_kwh.min(0.0) })
    }
}

/// A battery that belongs to the site.
#[derive(Debug, Clone)]
struct Own {
    unit: Unit,
    energy_kwh: f64,
    current: Current,
    /// Next of its trips, and whether it is on it.
    trip: usize,
    away: bool,
}

/// A depot during the day.
pub(super) struct Yard {
    depot: DepotId,
    /// By charger: the van there.
    places: Vec<Option<(VehicleId, Current)>>,
    queue: VecDeque<VehicleId>,
    own: Vec<Own>,
    fuel_kw: f64,
    plan_fuel_kw: Option<f64>,
    /// Until when energies and sums are up to date.
    settled: Time,
    slot: usize,
    /// Energies of the slot so far, kWh, in the row's fields.
    sums: SiteRow,
    peak_kw: f64,
    /// Whether powers have to be set anew.
    stale: bool,
}

impl Yard {
    pub fn new(world: &World, depot: DepotId) -> Yard {
        let spec = &world.depots[depot.index()];
        let own = |unit: Unit, spec: &UnitSpec| Own {
            unit,
            energy_kwh: spec.battery.initial_kwh,
            current: Current::default(),
            trip: 0,
            away: false,
        };
        let cars = (0..).zip(&spec.site.cars).map(|(i, car)| own(Unit::Car(i), &car.unit));
        let stationary = spec.site.stationary.iter().map(|battery| own(Unit::Stationary, battery));
        Yard {
            depot,
            places: vec![None; spec.chargers.len()],
            queue: VecDeque::new(),
            own: cars.chain(stationary).collect(),
            fuel_kw: 0.0,
            plan_fuel_kw: None,
            settled: world.day.0,
            slot: 0,
            sums: SiteRow::default(),
            peak_kw: 0.0,
            stale: true,
        }
    }

    /// Whether nothing ever flows here.
    pub fn is_idle(world: &World, depot: DepotId) -> bool {
        let spec = &world.depots[depot.index()];
        let home = |van: &crate::fleet::VanSpec| van.home == Some(spec.node) && van.battery.is_some();
        !spec.site.priced && (spec.chargers.is_empty() || !world.vans.iter().any(home))
    }

    /// Gives a van a charger, or a place in the queue; `true` if it is plugged in now.
    pub fn plug(&mut self, van: VehicleId) -> Option<u32> {
        match self.places.iter().position(Option::is_none) {
            Some(place) => {
                self.places[place] = Some((van, Current::default()));
                self.stale = true;
                Some(place as u32)
            }
            None => {
                if !self.queue.contains(&van) {
                    self.queue.push_back(van);
                }
                None
            }
        }
    }

    /// Takes a van out of the queue or off its charger; who comes next, if a charger became free.
    pub fn unplug(&mut self, van: VehicleId, now: Time, vans: &[Van], log: &mut Log) -> Option<VehicleId> {
        self.queue.retain(|&other| other != van);
        let place = self.places.iter_mut().find(|place| place.is_some_and(|(other, _)| other == van))?;
        *place = None;
        self.stale = true;
        log.flows.push(Flow {
            time: now,
            depot: self.depot,
            unit: Unit::Van(van),
            site_kw: 0.0,
            stored_kw: 0.0,
            energy_kwh: vans[van.index()].energy_kwh,
            plugged: false,
        });
        self.queue.pop_front()
    }

    /// A full van whose charger another one waits for.
    pub fn blocks(&self, world: &World, vans: &[Van]) -> Option<VehicleId> {
        self.queue.front()?;
        let full = |van: VehicleId| {
            world.van(van).battery.is_some_and(|battery| vans[van.index()].energy_kwh >= battery.capacity_kwh * 0.999)
        };
        self.places.iter().flatten().map(|(van, _)| *van).find(|&van| full(van))
    }

    /// Brings energies up to a time.
    pub fn settle(&mut self, world: &World, now: Time, vans: &mut [Van]) {
        // A call may come after the day's end.
        let now = now.min(world.day.1);
        let hours = (now - self.settled).h();
        if hours <= 0.0 {
            return;
        }
        self.settled = now;
        let site = &world.depots[self.depot.index()].site;
        let slot = site.slots[self.slot];
        let (mut charge_kw, mut discharge_kw) = (0.0, 0.0);
        let mut flow = |current: &mut Current, energy_kwh: &mut f64| {
            *energy_kwh += current.stored_kw * hours;
            current.done_kwh += current.site_kw * hours;
            charge_kw += current.site_kw.max(0.0);
            discharge_kw += (-current.site_kw).max(0.0);
        };
        for (van, current) in self.places.iter_mut().flatten() {
            flow(current, &mut vans[van.index()].energy_kwh);
        }
        for own in self.own.iter_mut().filter(|own| !own.away) {
            flow(&mut own.current, &mut own.energy_kwh);
        }
        let standby_kw = self.standby_kw(world);
        let wanted_kw = slot.load_kw + standby_kw + charge_kw - discharge_kw - self.fuel_kw;
        let offered_kw = slot.solar_kw + slot.wind_kw;
        let used_kw = (wanted_kw + site.export_limit_kw).clamp(0.0, offered_kw);
        let net_kw = wanted_kw - used_kw;
        let sums = &mut self.sums;
        for (sum, kw) in [
            (&mut sums.load_kw, slot.load_kw),
            (&mut sums.standby_kw, standby_kw),
            (&mut sums.solar_kw, slot.solar_kw),
            (&mut sums.wind_kw, slot.wind_kw),
            (&mut sums.free_used_kw, used_kw),
            (&mut sums.fuel_kw, self.fuel_kw),
            (&mut sums.charge_kw, charge_kw),
            (&mut sums.discharge_kw, discharge_kw),
            (&mut sums.import_kw, net_kw.max(0.0)),
            (&mut sums.export_kw, (-net_kw).max(0.0)),
        ] {
            *sum += kw * hours;
        }
    }

    /// Power of chargers that have a vehicle and nothing to do.
    fn standby_kw(&self, world: &World) -> f64 {
        let spec = &world.depots[self.depot.index()];
        let vans =
            self.places.iter().zip(&spec.chargers).filter_map(|(place, charger)| Some((place.as_ref()?.1, charger)));
        let own = self.own.iter().filter(|own| !own.away).map(|own| (own.current, &self.spec(world, own.unit).charger));
        vans.chain(own).filter(|(current, _)| current.site_kw == 0.0).map(|(_, charger)| charger.standby_kw).sum()
    }

    fn spec<'w>(&self, world: &'w World, unit: Unit) -> &'w UnitSpec {
        let site = &world.depots[self.depot.index()].site;
        match unit {
            Unit::Car(car) => &site.cars[car as usize].unit,
            Unit::Stationary => site.stationary.as_ref().expect("a stationary battery has a spec"),
            Unit::Van(_) => unreachable!("vans are not the site's own"),
        }
    }

    /// A step begins: closes the slot if it ends here, lets cars come and go, and makes a plan at the begin of a slot.
    pub fn tick(&mut self, world: &World, now: Time, vans: &mut [Van], forecast: Option<&Forecast>, log: &mut Log) {
        self.settle(world, now, vans);
        self.stale = true;
        let begin = world.day.0 + Time(self.slot as i32 * SLOT.0);
        if now >= begin + SLOT {
            self.close_slot(begin, log);
        }
        self.move_cars(world, now, log);
        let begins = (now - world.day.0).0 % SLOT.0 == 0 && now < world.day.1;
        let priced = world.depots[self.depot.index()].site.priced;
        if let (ChargingPolicy::Optimal { discharge, .. }, Some(forecast), true) =
            (&world.scenario.policies.charging, forecast, begins && priced)
        {
            self.plan(world, now, vans, forecast, *discharge, log);
        }
    }

    fn close_slot(&mut self, begin: Time, log: &mut Log) {
        let mean = |kwh: f64| kwh / SLOT.h();
        let sums = std::mem::take(&mut self.sums);
        let row = SiteRow {
            time: begin,
            depot: self.depot,
            load_kw: mean(sums.load_kw),
            standby_kw: mean(sums.standby_kw),
            solar_kw: mean(sums.solar_kw),
            wind_kw: mean(sums.wind_kw),
            free_used_kw: mean(sums.free_used_kw),
            fuel_kw: mean(sums.fuel_kw),
            charge_kw: mean(sums.charge_kw),
            discharge_kw: mean(sums.discharge_kw),
            import_kw: mean(sums.import_kw),
            export_kw: mean(sums.export_kw),
        };
        self.peak_kw = self.peak_kw.max(row.import_kw);
        log.sites.push(row);
        self.slot += 1;
        let vans = self.places.iter_mut().flatten().map(|(_, current)| current);
        for current in vans.chain(self.own.iter_mut().map(|own| &mut own.current)) {
            current.done_kwh = 0.0;
            current.planned_kwh = None;
        }
        self.plan_fuel_kw = None;
    }

    fn move_cars(&mut self, world: &World, now: Time, log: &mut Log) {
        let depot = self.depot;
        let site = &world.depots[depot.index()].site;
        for own in &mut self.own {
            let Unit::Car(car) = own.unit else { continue };
            let trips = &site.cars[car as usize].trips;
            let mut note = |own: &Own| {
                log.flows.push(Flow {
                    time: now,
                    depot,
                    unit: own.unit,
                    site_kw: 0.0,
                    stored_kw: 0.0,
                    energy_kwh: own.energy_kwh,
                    plugged: !own.away,
                });
            };
            if own.away && now >= trips[own.trip].1 {
                // One that left with too little has charged the rest elsewhere.
                own.energy_kwh = (own.energy_kwh - trips[own.trip].2).max(0.0);
                own.away = false;
                own.trip += 1;
                note(own);
            }
            if !own.away && trips.get(own.trip).is_some_and(|trip| now >= trip.0) {
                own.away = true;
                own.current = Current::default();
                note(own);
            }
        }
    }

    fn plan(&mut self, world: &World, now: Time, vans: &[Van], forecast: &Forecast, discharge: bool, log: &mut Log) {
        let spec = &world.depots[self.depot.index()];
        let mut units = Vec::new();
        let mut planned_vans = Vec::new();
        let service = world.hours.unwrap_or((world.day.1, world.day.1));
        for (v, van) in world.vans.iter().enumerate() {
            let id = VehicleId(v as u32);
            let Some(battery) = van.battery.as_ref().filter(|_| van.home == Some(spec.node)) else { continue };
            let place = self.places.iter().position(|place| place.is_some_and(|(other, _)| other == id));
            let Some(charger) = spec.chargers.get(place.unwrap_or(0)) else { continue };
            let reserve_kwh = battery.reserve_kwh;
            units.push(Ahead {
                link: Link { battery, charger },
                energy_kwh: vans[v].energy_kwh,
                target_kwh: battery.target_kwh,
                slots: optimal::van_slots(forecast, v, world.day, service, self.slot, place.is_some(), reserve_kwh),
            });
            planned_vans.push(id);
        }
        let ends = |slot: usize| world.day.0 + Time((slot as i32 + 1) * SLOT.0);
        for own in &self.own {
            let unit = self.spec(world, own.unit);
            let trips = match own.unit {
                Unit::Car(car) => &spec.site.cars[car as usize].trips[..],
                _ => &[],
            };
            let reserve_kwh = unit.battery.reserve_kwh;
            let slot = |slot: usize| {
                let (begin, end) = (ends(slot) - SLOT, ends(slot));
                let away = trips.iter().any(|&(from, until, _)| from < end && begin < until);
                let back: f64 = trips.iter().filter(|trip| trip.1 > begin && trip.1 <= end).map(|trip| trip.2).sum();
                let next = trips.iter().find(|trip| trip.0 >= end && trip.0 < end + SLOT);
                (f64::from(u8::from(!away)), back, reserve_kwh + next.map_or(0.0, |trip| trip.2))
            };
            units.push(Ahead {
                link: unit.link(),
                energy_kwh: own.energy_kwh,
                target_kwh: unit.battery.target_kwh,
                slots: (self.slot..spec.site.slots.len()).map(slot).collect(),
            });
        }
        let standby_kw = spec.chargers.iter().take(planned_vans.len()).map(|charger| charger.standby_kw).sum::<f64>()
            + self.own.iter().map(|own| self.spec(world, own.unit).charger.standby_kw).sum::<f64>();
        let outlook = Outlook {
            depot: self.depot,
            now,
            site: &spec.site,
            slot: self.slot,
            standby_kw,
            peak_kw: self.peak_kw,
            discharge,
            units,
        };
        let (SlotPlan { units_kwh, fuel_kw }, row) = optimal::plan(&outlook);
        log.plans.push(row);
        self.plan_fuel_kw = Some(fuel_kw);
        for (van, current) in self.places.iter_mut().flatten() {
            current.planned_kwh = planned_vans.iter().position(|id| id == van).map(|unit| units_kwh[unit]);
        }
        for (own, kwh) in self.own.iter_mut().zip(&units_kwh[planned_vans.len()..]) {
            own.current.planned_kwh = Some(*kwh);
        }
    }

    /// Sets powers, if anything has changed since they were set.
    pub fn control(&mut self, world: &World, now: Time, vans: &mut [Van], forecast: Option<&Forecast>, log: &mut Log) {
        // A booking may be called in before the day begins.
        if !self.stale || now < world.day.0 || now >= world.day.1 {
            return;
        }
        self.stale = false;
        self.settle(world, now, vans);
        let spec = &world.depots[self.depot.index()];
        let site = &spec.site;
        let slot = site.slots[self.slot];
        // Without prices there is nothing to wait for.
        let below_soc = world.scenario.policies.charging.below_soc();
        let at_once = ChargingPolicy::Immediate { below_soc };
        let policy = if site.priced { &world.scenario.policies.charging } else { &at_once };
        let left = world.day.0 + Time((self.slot as i32 + 1) * SLOT.0) - now;
        let mut units = Vec::new();
        for (place, charger) in self.places.iter().zip(&spec.chargers) {
            let Some((van, current)) = place else { continue };
            let battery = world.van(*van).battery.as_ref().expect("only vans with a battery are plugged in");
            units.push(charging::Unit {
                link: Link { battery, charger },
                energy_kwh: vans[van.index()].energy_kwh,
                floor_kwh: van_floor_kwh(world, *van, battery, charger, now, forecast),
                stationary: false,
                planned_kwh: current.left_kwh(),
            });
        }
        for own in self.own.iter().filter(|own| !own.away) {
            let unit = self.spec(world, own.unit);
            let (departs, needed_kwh) = match own.unit {
                Unit::Car(car) => match site.cars[car as usize].trips.get(own.trip) {
                    Some(&(from, _, kwh)) => (from, unit.battery.reserve_kwh + kwh),
                    None => (world.day.1, unit.battery.target_kwh),
                },
                _ => (world.day.1, unit.battery.target_kwh),
            };
            units.push(charging::Unit {
                link: unit.link(),
                energy_kwh: own.energy_kwh,
                floor_kwh: deadline_floor_kwh(unit.link(), departs - now, needed_kwh),
                stationary: own.unit == Unit::Stationary,
                planned_kwh: own.current.left_kwh(),
            });
        }
        let standby_kw = units.iter().map(|unit| unit.link.charger.standby_kw).sum();
        let wanted_kw = (slot.load_kw - slot.solar_kw - slot.wind_kw).max(0.0);
        let cheap_kw = if site.fuel_yen < slot.buy_yen { site.fuel_kw } else { 0.0 };
        self.fuel_kw = self.plan_fuel_kw.unwrap_or(cheap_kw).min(wanted_kw);
        let view = View { now, left, site, slot, standby_kw, fuel_kw: self.fuel_kw, units };
        let powers = charging::control(policy, &view);
        let depot = self.depot;
        let plugged = self.places.iter_mut().flatten().map(|(van, current)| (Unit::Van(*van), current));
        let own = self.own.iter_mut().filter(|own| !own.away).map(|own| (own.unit, &mut own.current));
        for (((unit, current), seen), site_kw) in plugged.chain(own).zip(&view.units).zip(powers) {
            if current.logged && site_kw == current.site_kw {
                continue;
            }
            current.logged = true;
            current.site_kw = site_kw;
            current.stored_kw = seen.link.stored_kw(site_kw);
            log.flows.push(Flow {
                time: now,
                depot,
                unit,
                site_kw,
                stored_kw: current.stored_kw,
                energy_kwh: seen.energy_kwh,
                plugged: true,
            });
        }
    }
}

/// Energy that a van should have now: what it may need soon while on duty; before and after, what has to be there when its duty
/// begins or the day ends, and can no longer be charged later.
fn van_floor_kwh(
    world: &World,
    van: VehicleId,
    battery: &crate::battery::BatterySpec,
    charger: &crate::scenario::Charger,
    now: Time,
    forecast: Option<&Forecast>,
) -> f64 {
    let Some(forecast) = forecast else { return battery.reserve_kwh };
    let with_reserve = |need_kwh: &[Vec<f64>], time: Time| {
        let slot = ((time - world.day.0).0.max(0) / SLOT.0) as usize;
        (battery.reserve_kwh + need_kwh[van.index()][slot]).min(battery.capacity_kwh)
    };
    let link = Link { battery, charger };
    match world.hours {
        Some((opens, _)) if now < opens => {
            deadline_floor_kwh(link, opens - now, with_reserve(&forecast.need_kwh, opens))
        }
        Some((_, closes)) if now < closes => with_reserve(&forecast.soon_kwh, now),
        _ => deadline_floor_kwh(link, world.day.1 - now, battery.target_kwh),
    }
}

/// Energy that a battery should have now, to have `needed_kwh` after some time of charging: at full power, less a fifth for the
/// taper and for others.
fn deadline_floor_kwh(link: Link, time: Time, needed_kwh: f64) -> f64 {
    const SURE: f64 = 0.8;
    let power_kw = link.stored_kw(link.max_charge_kw(0.0, STEP.h()));
    let later_kwh = SURE * power_kw * (time - STEP).h().max(0.0);
    (needed_kwh.min(link.battery.capacity_kwh) - later_kwh).max(link.battery.reserve_kwh)
}
