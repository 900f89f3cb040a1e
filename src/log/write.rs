//! The log as CSV tables that somebody else can check: what happened (`log.csv`), what was asked and answered
//! (`requests.csv`), and what it happened on (`nodes.csv`, `edges.csv`, `vehicles.csv`, `sessions.csv`). Times are seconds
//! from midnight; a field that does not apply is empty. Vans and requests have the names of the scenario or of the
//! user's own tables; nodes too, where those tables name them.

use std::io::{self, Write};

use super::{Answer, Event, Limit, Log};
use crate::scenario::tables::Names;
use crate::units::{NodeId, RequestId, Time, VehicleId};
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
    pub fn rows(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "t_s,event,vehicle,request,node,load,energy_kwh")?;
        for row in &self.log.rows {
            let vehicle = row.vehicle.filter(|_| row.event != Event::Refuse);
            writeln!(
                out,
                "{},{},{},{},{},{},{:.6}",
                seconds(row.time),
                row.event.word(),
                self.vehicle(vehicle),
                row.request.map_or("", |id| self.request(id)),
                self.node(row.node),
                row.load,
                row.energy_kwh
            )?;
        }
        Ok(())
    }

    /// `requests.csv`: every limit of each request and the answer it got. `vehicle` is the one promised, or the nearest
    /// miss; `missed_by` is in seconds, people or kWh, as `limit` has it.
    pub fn requests(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "request,known_s,earliest_s,latest_pickup_s,latest_dropoff_s,max_ride_s,origin_node,destination_node,seats,\
             wheelchairs,direct_s,dwell_s,answer,vehicle,promised_from_s,promised_until_s,limit,missed_by"
        )?;
        for (index, (request, answer)) in self.log.requests.iter().zip(&self.log.answers).enumerate() {
            write!(
                out,
                "{},{},{},{},{},{},{},{},{},{},{},{},",
                self.request(RequestId(index as u32)),
                seconds(request.known),
                seconds(request.earliest),
                seconds(request.latest_pickup),
                seconds(request.latest_dropoff),
                request.max_ride.map(seconds).unwrap_or_default(),
                self.node(request.origin_node),
                self.node(request.destination_node),
                request.party.seats,
                request.party.wheelchairs,
                seconds(request.direct),
                seconds(request.dwell)
            )?;
            match *answer {
                None => writeln!(out, ",,,,,")?,
                Some(Answer::Promised { vehicle, from, until }) => {
                    writeln!(out, "accepted,{},{},{},,", self.vehicle(Some(vehicle)), seconds(from), seconds(until))?;
                }
                Some(Answer::Refused { limit, nearest, by }) => {
                    writeln!(out, "refused,{},,,{},{by:.3}", self.vehicle(nearest), word(limit))?;
                }
            }
        }
        Ok(())
    }

    /// `nodes.csv`: `node,lat,lng`.
    pub fn nodes(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "node,lat,lng")?;
        for node in (0..self.world.roads.node_count() as u32).map(NodeId) {
            let (lat, lng) = self.world.roads.position(node);
            writeln!(out, "{},{lat},{lng}", self.node(node))?;
        }
        Ok(())
    }

    /// `edges.csv`: `from,to,length_m,time_s`, one line for each driving direction.
    pub fn edges(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "from,to,length_m,time_s")?;
        for node in (0..self.world.roads.node_count() as u32).map(NodeId) {
            for arc in self.world.roads.arcs(node) {
                let (from, to) = (self.node(node), self.node(arc.to));
                writeln!(out, "{from},{to},{},{}", arc.length_m, seconds(arc.time))?;
            }
        }
        Ok(())
    }

    /// `vehicles.csv`: seats, where and when the day begins and ends, and the battery.
    pub fn vehicles(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "vehicle,seats,wheelchair_places,start_node,home_node,shift_begin_s,shift_end_s,capacity_kwh,initial_kwh,\
             reserve_kwh,kwh_per_m,kwh_per_s"
        )?;
        for (index, van) in self.world.vans.iter().enumerate() {
            let shift = self.world.hours.map(|(opens, _)| (seconds(opens), seconds(van.shift_end)));
            // A van without a home ends its day with its last ride.
            let (begin, end) =
                shift.map(|(begin, end)| (begin, van.home.map_or(String::new(), |_| end))).unwrap_or_default();
            write!(
                out,
                "{},{},{},{},{},{begin},{end},",
                self.vehicle(Some(VehicleId(index as u32))),
                van.capacity.seats,
                van.capacity.wheelchairs,
                self.node(van.start),
                van.home.map(|home| self.node(home)).unwrap_or_default(),
            )?;
            match &van.battery {
                None => writeln!(out, ",,,,")?,
                Some(battery) => writeln!(
                    out,
                    "{},{},{},{},{}",
                    battery.capacity_kwh,
                    battery.initial_kwh,
                    battery.reserve_kwh,
                    battery.consumption.per_m_kwh,
                    battery.consumption.per_ms_kwh * 1e3
                )?,
            }
        }
        Ok(())
    }

    /// `sessions.csv`: each stay at a charger, with the power into the battery and from the grid.
    pub fn sessions(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "vehicle,depot,charger,plugged_s,unplugged_s,from_kwh,stored_kw,drawn_kw")?;
        for session in &self.log.sessions {
            writeln!(
                out,
                "{},{},{},{},{},{:.6},{:.6},{:.6}",
                self.vehicle(Some(session.vehicle)),
                self.world.scenario.depots[session.depot.index()].id,
                session.charger,
                seconds(session.plugged),
                session.unplugged.map(seconds).unwrap_or_default(),
                session.from_kwh,
                session.stored_kw,
                session.drawn_kw
            )?;
        }
        Ok(())
    }

    fn vehicle(&self, vehicle: Option<VehicleId>) -> &str {
        vehicle.map_or("", |id| &self.world.scenario.fleet.vehicles[id.index()].id)
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

fn word(limit: Limit) -> String {
    serde_json::to_string(&limit).unwrap_or_default().replace('"', "")
}
