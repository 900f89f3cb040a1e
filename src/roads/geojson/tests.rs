use crate::roads::{Notes, Reader};
use crate::scenario::{Network, RoadClass, Text};
use crate::town::SPEEDS_KMH;

fn read(features: serde_json::Value) -> Result<(Network, Notes), Text> {
    let mut reader = Reader::default();
    let document = serde_json::json!({ "type": "FeatureCollection", "features": features }).to_string();
    reader.feed(document.as_bytes())?;
    reader.finish()?.network(None, SPEEDS_KMH)
}

fn feature(properties: serde_json::Value, kind: &str, coordinates: serde_json::Value) -> serde_json::Value {
    let geometry = serde_json::json!({ "type": kind, "coordinates": coordinates });
    serde_json::json!({ "type": "Feature", "properties": properties, "geometry": geometry })
}

#[test]
fn lines_join_where_they_share_a_point() {
    let (network, notes) = read(serde_json::json!([
        feature(
            serde_json::json!(null),
            "LineString",
            serde_json::json!([[139.0, 35.0], [139.01, 35.0], [139.02, 35.0, 7.5]])
        ),
        feature(
            serde_json::json!({ "highway": "primary", "maxspeed": 50, "oneway": true }),
            "MultiLineString",
            serde_json::json!([[[139.0, 35.0], [139.0, 35.01]], [[139.0, 35.01], [139.01, 35.0]]])
        ),
        feature(serde_json::json!({}), "Point", serde_json::json!([139.0, 35.0])),
        feature(
            serde_json::json!({ "highway": "footway" }),
            "LineString",
            serde_json::json!([[139.0, 35.0], [139.02, 35.0]])
        ),
    ]))
    .expect("GeoJSON");
    // The bend at 35.01 is a point of the one-way road's shape; it would stand beside the street, so it becomes a node.
    assert_eq!((network.nodes.len(), network.edges.len(), notes.roads_read), (4, 4, 3));
    let primary: Vec<_> = network.edges.iter().filter(|edge| edge.class == RoadClass::Primary).collect();
    assert!(primary.len() == 2 && primary.iter().all(|edge| edge.one_way && edge.time_s.is_none()), "80 % of 50 is 40");
    assert!(network.edges.iter().any(|edge| edge.class == RoadClass::Residential && !edge.one_way));
}

#[test]
fn the_wrong_order_and_metres_are_told() {
    for (coordinates, expected) in [
        (serde_json::json!([[35.0, 139.0], [35.0, 139.01]]), "wrong way round"),
        (serde_json::json!([[387_000.5, 3_950_000.0], [387_100.0, 3_950_000.0]]), "not degrees"),
        (serde_json::json!([["139", "35"], ["139", "36"]]), "not readable as GeoJSON"),
        (serde_json::json!("139 35"), "not readable as GeoJSON"),
    ] {
        let error =
            read(serde_json::json!([feature(serde_json::json!({}), "LineString", coordinates)])).expect_err(expected);
        assert!(error.en.contains(expected), "{}", error.en);
    }
}
