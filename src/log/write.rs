//! The log as CSV tables that somebody else can check: what happened (`log.csv`), what was asked and answered
//! (`requests.csv`), and what it happened on (`nodes.csv`, `edges.csv`, `vehicles.csv`, `areas.csv`, `shifts.csv`, `timetable.csv`,
//! `sessions.csv`,
//! `flows.csv`, `site.csv`). Times are seconds
//! from midnight; a field that does not apply is empty. Vans and requests have the names of the scenario or of the
//! user's own tables; nodes too, where those tables name them. Fields are quoted as RFC 4180 has it.

use std::fmt::Display;
use std::io;

use serde::Serialize;

use super::{Answer, Event, Log, Unit};
use crate::scenario::tables::Names;
use crate::units::{Clock, NodeId, RequestId, Time, VehicleId};
use crate::world::World;

/// Writes tables about one run.
pub struct Writer<'a> {
    /// The world of the run.
    pub world: &'a World,
    /// The record of the run.
    pub log: &'a Log,
    /// Names of the nodes, where they are not their indices.
    pub names: Option<&'a Names>,
}

impl Writer<'_> {
    /// `log.csv`: `t_s,event,vehicle,request,node,load,energy_kwh`, as described at [`crate::log`].
    pub fn rows(&self, out: impl io::Write) -> csv::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["t_s", "event", "vehicle", "request", "node", "load", "energy_kwh"])?;
        for row in &self.log.rows {
            table.write_record([
                seconds(row.time).as_str(),
                row.event.word(),
                self.vehicle(row.vehicle.filter(|_| row.event != Event::Refuse)),
                row.request.map_or("", |id| self.request(id)),
                &self.node(row.node),
                &row.load.to_string(),
                &format!("{:.6}", row.energy_kwh),
            ])?;
        }
        Ok(table.flush()?)
    }

    /// `requests.csv`: every limit of each request, when its answer was due, and the answer it
    /// got. One asked for by phone is `known_s` when the call that began at `called_s`, or waited from then on, is over. `seats` are those that its adults and `children` take. `vehicle` is the one promised, or the nearest
    /// miss; `missed_by` is in people for `seats` and `party_too_large`, in kWh for `charge`, in metres for `walk`, else in
    /// seconds, and 0 where `limit` leaves nothing to measure. A rider promised a seat on a bus walks from the origin to
    /// `board_node`, and from `alight_node` to the destination.
    pub fn requests(&self, out: impl io::Write) -> csv::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record([
            "request",
            "channel",
            "called_s",
            "known_s",
            "answer_by_s",
            "earliest_s",
            "latest_pickup_s",
            "latest_dropoff_s",
            "max_ride_s",
            "origin_node",
            "destination_node",
            "seats",
            "wheelchairs",
            "children",
            "parcels",
            "direct_s",
            "dwell_s",
            "answer",
            "vehicle",
            "promised_from_s",
            "promised_until_s",
            "limit",
            "missed_by",
            "board_node",
            "alight_node",
            "walk_to_s",
            "walk_from_s",
        ])?;
        let walks = self.log.walks_by_request();
        for (index, (request, answer)) in self.log.requests.iter().zip(&self.log.answers).enumerate() {
            let none = String::new;
            let answered = match *answer {
                None => [none(), none(), none(), none(), none(), none()],
                Some(Answer::Promised { vehicle, from, until }) => {
                    let vehicle = self.vehicle(Some(vehicle)).to_string();
                    ["accepted".to_string(), vehicle, seconds(from), seconds(until), none(), none()]
                }
                Some(Answer::Refused { limit, nearest, by }) => {
                    let vehicle = self.vehicle(nearest).to_string();
                    ["refused".to_string(), vehicle, none(), none(), word(limit), format!("{by:.6}")]
                }
            };
            let asked = [
                self.request(RequestId(index as u32)).to_string(),
                word(request.channel),
                seconds(request.called),
                seconds(request.known),
                seconds(request.known + self.world.scenario.policies.matching.answer_within()),
                seconds(request.earliest),
                seconds(request.latest_pickup),
                seconds(request.latest_dropoff),
                request.max_ride.map(seconds).unwrap_or_default(),
                self.node(request.origin_node),
                self.node(request.destination_node),
                request.party.seats.to_string(),
                request.party.wheelchairs.to_string(),
                request.children.to_string(),
                request.party.parcels.to_string(),
                seconds(request.direct),
                seconds(request.dwell),
            ];
            let walked = walks[index].map_or_else(Default::default, |walk| {
                [self.node(walk.board), self.node(walk.alight), seconds(walk.to), seconds(walk.from)]
            });
            table.write_record(asked.iter().chain(&answered).chain(&walked))?;
        }
        Ok(table.flush()?)
    }

    /// `nodes.csv`: `node,lat,lng`.
    pub fn nodes(&self, out: impl io::Write) -> csv::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["node", "lat", "lng"])?;
        for node in (0..self.world.roads.node_count() as u32).map(NodeId) {
            let (lat, lng) = self.world.roads.position(node);
            table.write_record([self.node(node), lat.to_string(), lng.to_string()])?;
        }
        Ok(table.flush()?)
    }

    /// `edges.csv`: `from,to,length_m,time_s`, one line for each driving direction.
    pub fn edges(&self, out: impl io::Write) -> csv::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["from", "to", "length_m", "time_s"])?;
        for node in (0..self.world.roads.node_count() as u32).map(NodeId) {
            for arc in self.world.roads.arcs(node) {
                let ends = [self.node(node), self.node(arc.to)];
                table.write_record(ends.into_iter().chain([arc.length_m.to_string(), seconds(arc.time)]))?;
            }
        }
        Ok(table.flush()?)
    }

    /// `vehicles.csv`: seats, where and when the day begins and ends, the battery, and of a van without a driver how fast it drives
    /// at most. A van without a home has no
    /// `shift_end_s`: its day ends with its last ride. One that is not needed has no `shift_begin_s`.
    pub fn vehicles(&self, out: impl io::Write) -> csv::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record([
            "vehicle",
            "seats",
            "wheelchair_places",
            "parcel_places",
            "start_node",
            "home_node",
            "shift_begin_s",
            "shift_end_s",
            "capacity_kwh",
            "initial_kwh",
            "reserve_kwh",
            "kwh_per_m",
            "kwh_per_s",
            "max_speed_kmh",
        ])?;
        for (index, van) in self.world.vans.iter().enumerate() {
            let battery = van.battery.as_ref();
            table.write_record([
                self.vehicle(Some(VehicleId(index as u32))),
                &van.capacity.seats.to_string(),
                &van.capacity.wheelchairs.to_string(),
                &van.capacity.parcels.to_string(),
                &self.node(van.start),
                &van.home.map(|home| self.node(home)).unwrap_or_default(),
                &optional(Some(van.shift_begin).filter(|&begin| begin < Time::NEVER).map(seconds)),
                &optional(van.home.map(|_| seconds(van.shift_end))),
                &optional(battery.map(|battery| battery.capacity_kwh)),
                &optional(battery.map(|battery| battery.initial_kwh)),
                &optional(battery.map(|battery| battery.reserve_kwh)),
                &optional(battery.map(|battery| battery.consumption.per_m_kwh)),
                &optional(battery.map(|battery| battery.consumption.per_ms_kwh * 1e3)),
                &optional(van.driverless.as_ref().map(|driverless| self.world.slow[driverless.ways].speed_kmh)),
            ])?;
        }
        Ok(table.flush()?)
    }

    /// `areas.csv`: the nodes of the stops that a van without a driver serves, if it does not serve all.
    pub fn areas(&self, out: impl io::Write) -> csv::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["vehicle", "node"])?;
        for (van, spec) in (0..).map(VehicleId).zip(&self.world.vans) {
            for stop in spec.driverless.iter().flat_map(|driverless| &driverless.stops) {
                let node = NodeId(self.world.scenario.stops[stop.index()].node);
                table.write_record([self.vehicle(Some(van)), &self.node(node)])?;
            }
        }
        Ok(table.flush()?)
    }

    /// `shifts.csv`: who drives which van when, where the scenario says so.
    pub fn shifts(&self, out: impl io::Write) -> csv::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["vehicle", "driver", "begins_s", "ends_s"])?;
        for (van, spec) in (0..).map(VehicleId).zip(&self.world.vans) {
            for shift in &spec.shifts {
                let times = [shift.begins, shift.ends].map(seconds);
                table.write_record([self.vehicle(Some(van)), &shift.driver, &times[0], &times[1]])?;
            }
        }
        Ok(table.flush()?)
    }

    /// `timetable.csv`: the calls of each bus's day, in order: those of its trips, a trip being named by its line and departure.
    /// A bus leaves a stop at `departs_s` or later; at the last stop of a trip there is none. Empty where no buses run.
    pub fn timetable(&self, out: impl io::Write) -> csv::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["vehicle", "trip", "node", "departs_s"])?;
        let lines = self.world.scenario.fixed_route.iter().flat_map(|route| &route.lines);
        let names: Vec<&str> = lines.map(|line| line.id.as_str()).collect();
        for trip in self.world.timetable.iter().flat_map(|timetable| &timetable.trips) {
            let Some(bus) = trip.bus else { continue };
            let line = &self.world.timetable.as_ref().expect("it has trips").lines[trip.line];
            let name = format!("{} {}", names[trip.line], Clock(trip.departs));
            for (k, (&node, &offset)) in line.nodes.iter().zip(&line.offsets).enumerate() {
                let departs = (k + 1 < line.nodes.len()).then(|| seconds(trip.departs + offset));
                table.write_record([self.vehicle(Some(bus)), &name, &self.node(node), &optional(departs)])?;
            }
        }
        Ok(table.flush()?)
    }

    /// `flows.csv`: each change of a battery's power, as described at [`crate::log::Flow`]. `unit` is a van's name, `car 1` …,
    /// or `stationary`.
    pub fn flows(&self, out: impl io::Write) -> csv::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["t_s", "depot", "unit", "site_kw", "stored_kw", "energy_kwh", "plugged"])?;
        for flow in &self.log.flows {
            let unit = match flow.unit {
                Unit::Van(van) => self.vehicle(Some(van)).to_string(),
                Unit::Car(car) => format!("car {}", car + 1),
                Unit::Stationary => "stationary".to_string(),
            };
            table.write_record([
                &seconds(flow.time),
                &self.world.scenario.depots[flow.depot.index()].id,
                &unit,
                &format!("{:.9}", flow.site_kw),
                &format!("{:.9}", flow.stored_kw),
                &format!("{:.9}", flow.energy_kwh),
                &u32::from(flow.plugged).to_string(),
            ])?;
        }
        Ok(table.flush()?)
    }

    /// `site.csv`: each half hour of each depot's meter, mean powers in kW, as described at [`crate::log::SiteRow`], with the
    /// prices in yen per kWh.
    pub fn site(&self, out: impl io::Write) -> csv::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record([
            "t_s",
            "depot",
            "load_kw",
            "standby_kw",
            "solar_kw",
            "wind_kw",
            "free_used_kw",
            "fuel_kw",
            "charge_kw",
            "discharge_kw",
            "import_kw",
            "export_kw",
            "buy_yen",
            "sell_yen",
        ])?;
        for row in &self.log.sites {
            let site = &self.world.depots[row.depot.index()].site;
            let slot = site.slots[site.slot_at(self.world.day.0, row.time)];
            let powers = [
                row.load_kw,
                row.standby_kw,
                row.solar_kw,
                row.wind_kw,
                row.free_used_kw,
                row.fuel_kw,
                row.charge_kw,
                row.discharge_kw,
                row.import_kw,
                row.export_kw,
                slot.buy_yen,
                slot.sell_yen,
            ];
            let place = [seconds(row.time), self.world.scenario.depots[row.depot.index()].id.clone()];
            table.write_record(place.into_iter().chain(powers.map(|power| format!("{power:.9}"))))?;
        }
        Ok(table.flush()?)
    }

    /// `sessions.csv`: each stay at a charger.
    pub fn sessions(&self, out: impl io::Write) -> csv::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["vehicle", "depot", "charger", "plugged_s", "unplugged_s", "from_kwh"])?;
        for session in &self.log.sessions {
            table.write_record([
                self.vehicle(Some(session.vehicle)),
                &self.world.scenario.depots[session.depot.index()].id,
                &session.charger.to_string(),
                &seconds(session.plugged),
                &optional(session.unplugged.map(seconds)),
                &format!("{:.6}", session.from_kwh),
            ])?;
        }
        Ok(table.flush()?)
    }

    fn vehicle(&self, vehicle: Option<VehicleId>) -> &str {
        vehicle.map_or("", |id| &self.world.scenario.vehicles()[id.index()].id)
    }

    fn request(&self, request: RequestId) -> &str {
        &self.world.request_names[request.index()]
    }

    fn node(&self, node: NodeId) -> String {
        self.names.map_or_else(|| node.0.to_string(), |names| names.nodes[node.index()].clone())
    }
}

fn seconds(time: Time) -> String {
    format!("{:.3}", time.s())
}

fn optional(value: Option<impl Display>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A choice as the scenario and the report write it.
fn word(choice: impl Serialize) -> String {
    serde_json::to_string(&choice).unwrap_or_default().replace('"', "")
}
