//! Roads from GeoJSON (RFC 7946): lines with OpenStreetMap's `highway`, `oneway`, `maxspeed` and so on among their properties, if they
//! have them. A line without `highway` is a street. Lines join where they share a point.

use serde_json::Value;

use super::graph::Point;
use super::osm::Elements;
use crate::scenario::Text;

/// Deepest nesting of collections in collections.
const DEEPEST: u32 = 16;

impl Point {
    /// A number for the place, for points that have none of their own.
    pub(super) fn id(self) -> i64 {
        i64::from(self.lat_e7) << 32 | i64::from(self.lng_e7 as u32)
    }
}

/// Reads a document: features, their collections, bare geometries.
pub(super) fn read(document: &Value, elements: &mut Elements) -> Result<(), Text> {
    // RFC 7946, section 5: west, south, then, past heights if there are any, east and north.
    if let Some(bbox) = document["bbox"].as_array()
        && let [Some(west), Some(south), Some(east), Some(north)] =
            [0, 1, bbox.len() / 2, bbox.len() / 2 + 1].map(|side| bbox.get(side).and_then(Value::as_f64))
    {
        elements.bounds = Some([west, south, east, north]);
    }
    object(document, &Value::Null, elements, 0)
}

fn object(value: &Value, properties: &Value, elements: &mut Elements, depth: u32) -> Result<(), Text> {
    if depth > DEEPEST {
        return Err(malformed("collections in collections"));
    }
    let all = |list: &str, elements: &mut Elements| {
        let members = value[list].as_array().ok_or_else(|| malformed(list))?;
        members.iter().try_for_each(|member| object(member, properties, elements, depth + 1))
    };
    match value["type"].as_str() {
        Some("FeatureCollection") => all("features", elements),
        Some("GeometryCollection") => all("geometries", elements),
        Some("Feature") => match &value["geometry"] {
            Value::Null => Ok(()),
            geometry => object(geometry, &value["properties"], elements, depth + 1),
        },
        Some("LineString") => line(&value["coordinates"], properties, elements),
        Some("MultiLineString") => {
            let lines = value["coordinates"].as_array().ok_or_else(|| malformed("coordinates"))?;
            lines.iter().try_for_each(|coordinates| line(coordinates, properties, elements))
        }
        // Points and areas are no roads.
        Some(_) => Ok(()),
        None => Err(malformed("type")),
    }
}

fn line(coordinates: &Value, properties: &Value, elements: &mut Elements) -> Result<(), Text> {
    let positions = coordinates.as_array().ok_or_else(|| malformed("coordinates"))?;
    let mut ids = Vec::with_capacity(positions.len());
    for position in positions {
        let [Some(lng), Some(lat)] = [0, 1].map(|axis| position[axis].as_f64()) else {
            return Err(malformed("coordinates"));
        };
        let place = elements.place(lat, lng).ok_or_else(|| nowhere(lng, lat, elements.swap))?;
        elements.node(place.id(), Some(place))?;
        ids.push(place.id());
    }
    let tag = |key: &str| match (&properties[key], key) {
        (Value::String(text), _) => Some(text.as_str()),
        (Value::Bool(true), _) => Some("yes"),
        (Value::Bool(false), _) => Some("no"),
        (_, "highway") => Some("residential"),
        _ => None,
    };
    // Limits are often written as numbers.
    let limit = properties["maxspeed"].as_f64().map(|kmh| kmh.to_string());
    elements.way(ids, |key| if key == "maxspeed" { limit.as_deref().or_else(|| tag(key)) } else { tag(key) })
}

fn nowhere(lng: f64, lat: f64, swap: bool) -> Text {
    if lng.abs() > 180.0 || lat.abs() > 180.0 || lng.abs() > 90.0 && lat.abs() > 90.0 {
        return Text::new(
            format!("座標 [{lng}, {lat}] は度ではありません。WGS 84（EPSG:4326）に変換して保存してください。"),
            format!("[{lng}, {lat}] are not degrees: convert the file to WGS 84 (EPSG:4326)"),
        );
    }
    let remedy = super::osm::swapped(swap);
    Text::new(format!("座標 [{lng}, {lat}]: {}", remedy.ja), format!("[{lng}, {lat}]: {}", remedy.en))
}

fn malformed(what: &str) -> Text {
    Text::new(
        format!("GeoJSON として読めません（{what}）。LineString か MultiLineString を書き出してください。"),
        format!("not readable as GeoJSON ({what}): export LineString or MultiLineString features"),
    )
}

#[cfg(test)]
mod tests;
