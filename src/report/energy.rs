//! Energy figures.

use super::VehicleReport;
use crate::log::{Event, Log};
use crate::world::World;

/// Fills in what each van used and charged: used is what the battery lost between two rows of the van without a charger,
/// charged is what it gained with one, drawn from the grid is more by the charger's losses.
pub(super) fn energy(world: &World, log: &Log, vehicles: &mut [VehicleReport]) {
    // By van: energy at the last row, and whether it was plugged in from then on.
    let mut last: Vec<(f64, bool)> =
        world.vans.iter().map(|van| (van.battery.map_or(0.0, |battery| battery.initial_kwh), false)).collect();
    for row in log.van_rows() {
        let Some(id) = row.vehicle else { continue };
        let Some(battery) = world.van(id).battery else { continue };
        let van = &mut vehicles[id.index()];
        let (before_kwh, plugged) = last[id.index()];
        if plugged {
            van.energy_charged_kwh += row.energy_kwh - before_kwh;
        } else {
            van.energy_used_kwh += before_kwh - row.energy_kwh;
        }
        let plugged = match row.event {
            Event::Plug => true,
            Event::Unplug => false,
            _ => plugged,
        };
        last[id.index()] = (row.energy_kwh, plugged);
        let soc = row.energy_kwh / battery.capacity_kwh;
        van.lowest_soc = Some(van.lowest_soc.map_or(soc, |lowest| lowest.min(soc)));
        van.final_soc = Some(soc);
    }
    for session in &log.sessions {
        let hours = session.unplugged.map_or(0.0, |unplugged| (unplugged - session.plugged).h());
        let battery = world.van(session.vehicle).battery;
        let room_kwh = battery.map_or(0.0, |battery| battery.capacity_kwh - session.from_kwh);
        let stored_kwh = (session.stored_kw * hours).min(room_kwh);
        vehicles[session.vehicle.index()].energy_drawn_kwh += stored_kwh * session.drawn_kw / session.stored_kw;
    }
}
