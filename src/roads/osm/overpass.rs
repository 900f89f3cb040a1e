//! Answers of the Overpass API as JSON (wiki.openstreetmap.org/wiki/Overpass_API/Overpass_QL#Output_Format_.28out:json.29), those of
//! `out geom` and those of `out body; >; out skel`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::Elements;
use crate::roads::graph::Point;
use crate::scenario::Text;

#[derive(Deserialize)]
struct Element {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    id: i64,
    lat: Option<f64>,
    lon: Option<f64>,
    #[serde(default)]
    tags: BTreeMap<String, Value>,
    /// Of a way, its nodes.
    #[serde(default)]
    nodes: Vec<i64>,
    /// Of a way with `out geom`, their places; `None` outside of the query's area.
    #[serde(default)]
    geometry: Vec<Option<Place>>,
}

#[derive(Deserialize)]
struct Place {
    lat: f64,
    lon: f64,
}

/// Reads the list `elements` of an answer.
pub(in crate::roads) fn read(list: Value, elements: &mut Elements) -> Result<(), Text> {
    let unread = |reason: serde_json::Error| {
        Text::new(
            format!("Overpass の応答として読めません: {reason}"),
            format!("not readable as an answer of Overpass: {reason}"),
        )
    };
    let Value::Array(list) = list else { return Err(unread(serde::de::Error::custom("elements is no list"))) };
    for element in list {
        let Element { kind, id, lat, lon, tags, nodes, geometry } = serde_json::from_value(element).map_err(unread)?;
        let tag = |key: &str| tags.get(key).and_then(Value::as_str);
        match kind.as_str() {
            "node" => {
                let place = lat.zip(lon).and_then(|(lat, lng)| elements.place(lat, lng));
                elements.node(id, place)?;
            }
            "way" => {
                let place =
                    |place: &Option<Place>| place.as_ref().and_then(|place| elements.place(place.lat, place.lon));
                let places: Vec<Option<Point>> = geometry.iter().map(place).collect();
                // Without their ids, points at one place are one.
                let ids = if nodes.is_empty() {
                    places.iter().map(|place| place.map_or(0, Point::id)).collect()
                } else {
                    nodes
                };
                for (&id, place) in ids.iter().zip(places) {
                    elements.node(id, place)?;
                }
                elements.way(ids, tag)?;
            }
            "relation" => elements.relation(tag),
            _ => {}
        }
    }
    Ok(())
}
