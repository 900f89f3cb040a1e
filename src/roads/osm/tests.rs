//! One small town in three formats, and what is wrong with files.

use super::*;
use crate::math::METERS_PER_DEGREE;
use crate::roads::Reader;
use crate::scenario::{Network, RoadClass};
use crate::town::SPEEDS_KMH;

/// A node's id, and its place in hundredths of a degree.
type Node = (i64, [i32; 2]);
/// A way's nodes and tags.
type Way = (&'static [i64], &'static [(&'static str, &'static str)]);

/// On the equator, where a hundredth of a degree is 1,111.95 m both ways:
///
/// ```text
/// 5 ── 4 ── 3      2-3-4-5 a street, which bends at 3 and 4; 5-1 one-way home, to be driven at 80 % of 30 km/h
/// │         │      1-2 a main road
/// 1 ─────── 2      2-6 one-way out of the town: nobody comes back from there
///           └─ 6
/// ```
const NODES: [Node; 6] = [(1, [0, 0]), (2, [0, 4]), (3, [1, 4]), (4, [1, 2]), (5, [1, 0]), (6, [-1, 5])];
const WAYS: [Way; 6] = [
    (&[1, 2], &[("highway", "primary"), ("name", "Ring & <Main>")]),
    (&[2, 3, 4], &[("highway", "residential")]),
    (&[4, 5], &[("highway", "residential"), ("name", "大通り")]),
    (&[1, 5], &[("highway", "residential"), ("oneway", "-1"), ("maxspeed", "30")]),
    (&[2, 6], &[("highway", "residential"), ("oneway", "yes")]),
    (&[1, 3], &[("highway", "footway")]),
];

fn degrees(hundredths: i32) -> f64 {
    f64::from(hundredths) / 100.0
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn xml() -> Vec<u8> {
    let mut text =
        "<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\">\n<!-- a <way> in a note -->\n".to_owned();
    for (id, [lat, lng]) in NODES {
        text += &format!("<node id=\"{id}\" lat=\"{}\" lon=\"{}\"/>\n", degrees(lat), degrees(lng));
    }
    for (nodes, tags) in WAYS {
        text += "<way id='7'>";
        nodes.iter().for_each(|node| text += &format!("<nd ref='{node}'/>"));
        tags.iter().for_each(|(key, value)| text += &format!("<tag k='{key}' v='{}'/>", escaped(value)));
        text += "</way>\n";
    }
    text +=
        "<relation id='8'><member type='way' ref='7' role='from'/><tag k='type' v='restriction'/></relation>\n</osm>\n";
    text.into_bytes()
}

/// An answer of Overpass with the places in the ways (`out geom`) or after them (`out body; >; out skel`).
fn overpass(geometry: bool) -> Vec<u8> {
    let place = |id: i64| NODES.iter().find(|node| node.0 == id).expect("a node").1.map(degrees);
    let mut elements = vec![serde_json::json!({"type": "relation", "id": 8, "tags": {"type": "restriction"}})];
    for (nodes, tags) in WAYS {
        let tags: std::collections::BTreeMap<_, _> = tags.iter().copied().collect();
        let mut way = serde_json::json!({"type": "way", "id": 7, "nodes": nodes, "tags": tags});
        if geometry {
            let places = nodes.iter().map(|&id| place(id));
            way["geometry"] = places.map(|[lat, lng]| serde_json::json!({"lat": lat, "lon": lng})).collect();
        }
        elements.push(way);
    }
    for (id, [lat, lng]) in NODES.iter().filter(|_| !geometry) {
        elements.push(serde_json::json!({"type": "node", "id": id, "lat": degrees(*lat), "lon": degrees(*lng)}));
    }
    serde_json::json!({"version": 0.6, "generator": "Overpass API", "elements": elements}).to_string().into_bytes()
}

/// Writes protocol buffers.
mod write {
    pub fn varint(mut number: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        while number >= 0x80 {
            bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        bytes.push(number as u8);
        bytes
    }

    pub fn zigzag(number: i64) -> u64 {
        (number << 1 ^ number >> 63) as u64
    }

    pub fn field(number: u64, bytes: &[u8]) -> Vec<u8> {
        [varint(number << 3 | 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
    }

    pub fn number(number: u64, value: u64) -> Vec<u8> {
        [varint(number << 3), varint(value)].concat()
    }

    pub fn packed(values: impl IntoIterator<Item = u64>) -> Vec<u8> {
        values.into_iter().flat_map(varint).collect()
    }

    pub fn deltas(values: &[i64]) -> Vec<u8> {
        let before = [0].into_iter().chain(values.iter().copied());
        packed(values.iter().zip(before).map(|(value, before)| zigzag(value - before)))
    }

    pub fn blob(kind: &str, blob: &[u8]) -> Vec<u8> {
        let header = [field(1, kind.as_bytes()), number(3, blob.len() as u64)].concat();
        [&(header.len() as u32).to_be_bytes()[..], &header, blob].concat()
    }

    pub fn zlib(content: &[u8]) -> Vec<u8> {
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(content, 6);
        [number(2, content.len() as u64), field(3, &packed)].concat()
    }
}

fn pbf_header() -> Vec<u8> {
    let features = [write::field(4, b"OsmSchema-V0.6"), write::field(4, b"DenseNodes")].concat();
    write::blob("OSMHeader", &write::field(1, &features))
}

/// The town as PBF: nodes dense and one by one, in another granularity and with an offset, compressed and not.
fn pbf() -> Vec<u8> {
    // In units of a hundredth of a degree, 10^7 nanodegrees, from one degree south and west.
    let offset = |units: i32| i64::from(units) + 100;
    let column = |axis: usize| NODES[..4].iter().map(|node| offset(node.1[axis])).collect::<Vec<i64>>();
    let ids: Vec<i64> = NODES[..4].iter().map(|node| node.0).collect();
    let dense = [
        write::field(1, &write::deltas(&ids)),
        write::field(8, &write::deltas(&column(0))),
        write::field(9, &write::deltas(&column(1))),
    ];
    let single = NODES[4..].iter().map(|(id, [lat, lng])| {
        let numbers = [(1, *id), (8, offset(*lat)), (9, offset(*lng))];
        write::field(1, &numbers.map(|(field, value)| write::number(field, write::zigzag(value))).concat())
    });
    let nodes =
        [write::field(2, &write::field(2, &dense.concat())), write::field(2, &single.collect::<Vec<_>>().concat())];
    let west = write::number(20, -1_000_000_000_i64 as u64);
    let places = [write::number(17, 10_000_000), write::number(19, -1_000_000_000_i64 as u64), west].concat();
    let nodes = [write::field(1, &[]), nodes.concat(), places].concat();

    let mut texts: Vec<&str> = vec![""];
    let mut index = |text: &'static str| {
        let found = texts.iter().position(|other| *other == text);
        found.unwrap_or_else(|| {
            texts.push(text);
            texts.len() - 1
        }) as u64
    };
    let mut group = Vec::new();
    for (nodes, tags) in WAYS {
        let keys: Vec<u64> = tags.iter().map(|(key, _)| index(key)).collect();
        let values: Vec<u64> = tags.iter().map(|(_, value)| index(value)).collect();
        let way = [
            write::number(1, 7),
            write::field(2, &write::packed(keys)),
            write::field(3, &write::packed(values)),
            write::field(8, &write::deltas(nodes)),
        ];
        group.extend(write::field(3, &way.concat()));
    }
    let relation = [index("type"), index("restriction")];
    let relation = [write::field(2, &write::packed([relation[0]])), write::field(3, &write::packed([relation[1]]))];
    group.extend(write::field(4, &relation.concat()));
    let table: Vec<u8> = texts.iter().flat_map(|text| write::field(1, text.as_bytes())).collect();
    let ways = [write::field(1, &table), write::field(2, &group)].concat();

    [
        pbf_header(),
        write::blob("OSMData", &write::zlib(&nodes)),
        write::blob("Unknown", b"to be skipped"),
        write::blob("OSMData", &write::field(1, &ways)),
    ]
    .concat()
}

fn read(bytes: &[u8], piece: usize, area: Option<[f64; 4]>) -> Result<(Network, Notes), Text> {
    let mut reader = Reader::default();
    bytes.chunks(piece).try_for_each(|piece| reader.feed(piece))?;
    reader.finish()?.network(area, SPEEDS_KMH)
}

fn town(bytes: &[u8]) -> (Network, Notes) {
    read(bytes, usize::MAX, None).expect("a file that is right")
}

#[test]
fn four_formats_give_one_network() {
    let (network, notes) = town(&xml());
    for (name, bytes) in [("geom", overpass(true)), ("skel", overpass(false)), ("pbf", pbf())] {
        let (other, its_notes) = town(&bytes);
        assert_eq!(network, other, "{name}");
        // A point that several ways bring along is there several times.
        assert_eq!(notes, Notes { nodes_read: notes.nodes_read, ..its_notes }, "{name}");
    }
}

#[test]
fn pieces_of_any_size_are_the_same_file() {
    for bytes in [xml(), overpass(true), pbf()] {
        let whole = town(&bytes);
        for piece in [1, 2, 3, 7, 64, 1_000] {
            assert_eq!(read(&bytes, piece, None).expect("the same file"), whole, "{piece}");
        }
    }
}

#[test]
fn bends_are_shapes_and_what_leads_nowhere_is_dropped() {
    let (network, notes) = town(&xml());
    // Junctions: 1, where the road's class changes; 2; and 5, where the street becomes one-way. 3 and 4 are bends.
    let places: Vec<(f64, f64)> = network.nodes.iter().map(|node| (node.lat, node.lng)).collect();
    assert_eq!(places, [(0.0, 0.0), (0.0, 0.04), (0.01, 0.0)]);
    let unit_m = METERS_PER_DEGREE / 100.0;
    let edge = |class| network.edges.iter().find(|edge| edge.class == class && !edge.one_way).expect("an edge");
    let main = edge(RoadClass::Primary);
    assert_eq!((main.from, main.to, &main.shape[..]), (0, 1, &[][..]));
    assert!((main.length_m - 4.0 * unit_m).abs() < 0.01, "{}", main.length_m);
    // 1 north, 4 west: a hundredth north of the equator, a degree of longitude is 1.5e-8 shorter.
    let street = edge(RoadClass::Residential);
    assert_eq!((street.from, street.to), (1, 2));
    assert_eq!(street.shape, [[0.04, 0.01], [0.02, 0.01]]);
    assert!((street.length_m - 5.0 * unit_m).abs() < 0.01, "{}", street.length_m);
    assert_eq!((main.time_s, street.time_s), (None, None));
    // Tagged against the order of its nodes: from 5 to 1, at 24 km/h.
    let home = network.edges.iter().find(|edge| edge.one_way).expect("a one-way edge");
    assert_eq!((home.from, home.to), (2, 0));
    assert!((home.time_s.expect("a limit") - home.length_m * 3.6 / 24.0).abs() < 0.01);
    assert_eq!(network.edges.len(), 3);
    let expected = Notes {
        nodes_read: 6,
        roads_read: 5,
        turn_restrictions: 1,
        nodes: 3,
        edges: 3,
        dropped_points: 1,
        km: notes.km,
        dropped_km: notes.dropped_km,
        ..Notes::default()
    };
    assert_eq!(notes, expected);
    // 1.41421 hundredths of a degree.
    assert!((notes.dropped_km - 2f64.sqrt() * unit_m / 1e3).abs() < 1e-5, "{}", notes.dropped_km);
    assert!((notes.km - 10.0 * unit_m / 1e3).abs() < 1e-4, "{}", notes.km);
}

#[test]
fn lengths_are_those_of_the_great_circle() {
    use geo::{Distance, Haversine, Point};
    for (lat, north, east) in [(0.0, 1e-3, 1e-3), (35.0, 5e-3, -2e-3), (60.17, 1e-4, 2e-2), (-45.0, -1e-2, 1e-2)] {
        let exact = Haversine.distance(Point::new(24.0, lat), Point::new(24.0 + east, lat + north));
        let ours = crate::math::distance_m((lat, 24.0), (lat + north, 24.0 + east));
        assert!((ours / exact - 1.0).abs() < 1e-6, "{lat}: {ours} m, not {exact} m");
    }
}

/// A town of ways drawn by ids that are places: `y * 10 + x` hundredths of a degree.
fn drawn(ways: &[(&[i64], &str)]) -> (Network, Notes) {
    let mut text = "<osm>".to_owned();
    for id in 0..100 {
        text += &format!("<node id='{id}' lat='{}' lon='{}'/>", degrees(id / 10), degrees(id % 10));
    }
    for (nodes, tags) in ways {
        let nodes: String = nodes.iter().map(|node| format!("<nd ref='{node}'/>")).collect();
        let tags = tags.split(' ').map(|tag| tag.split_once('=').expect("key=value"));
        let tags: String = tags.map(|(key, value)| format!("<tag k='{key}' v='{value}'/>")).collect();
        text += &format!("<way>{nodes}{tags}</way>");
    }
    town((text + "</osm>").as_bytes())
}

#[test]
fn loops_and_roads_beside_each_other_can_all_be_driven() {
    // A square of 8 pieces whose only junction is 0, where a lane ends; and a lane of two ways from 0 to 30.
    let square: &[i64] = &[0, 1, 2, 12, 22, 21, 20, 10, 0];
    let (network, _) = drawn(&[
        (square, "highway=residential"),
        (&[0, 40], "highway=service"),
        (&[40, 51, 62, 71, 60], "highway=service"),
        (&[40, 50, 60], "highway=service"),
        (&[60, 70], "highway=service"),
    ]);
    let mut pairs: Vec<(u32, u32)> =
        network.edges.iter().map(|edge| (edge.from.min(edge.to), edge.from.max(edge.to))).collect();
    pairs.sort_unstable();
    let mut different = pairs.clone();
    different.dedup();
    assert_eq!(pairs, different);
    assert!(pairs.iter().all(|(from, to)| from != to), "{pairs:?}");
    // The square's three, the lane, the two pieces of one way round and the other, and the last lane.
    assert_eq!(pairs.len(), 3 + 1 + 2 + 1 + 1);
}

#[test]
fn a_ring_without_a_junction_is_a_town_too() {
    let (network, notes) = drawn(&[(&[0, 1, 11, 10, 0], "highway=residential oneway=yes")]);
    assert_eq!((network.nodes.len(), network.edges.len(), notes.dropped_points), (3, 3, 0));
    assert!(network.edges.iter().all(|edge| edge.one_way));
}

#[test]
fn roads_are_cut_at_the_rim_of_the_area_and_at_missing_points() {
    let ways: &[(&[i64], &str)] =
        &[(&[0, 1, 2, 3, 4, 5], "highway=residential"), (&[1, 11, 999, 21], "highway=service")];
    let (network, notes) = drawn(ways);
    assert_eq!((notes.cut, notes.dropped_points), (1, 0));
    assert!(
        (network.edges.iter().map(|edge| edge.length_m).sum::<f64>() - 6.0 * METERS_PER_DEGREE / 100.0).abs() < 0.1
    );
    let mut text = "<osm><way><nd ref='1'/><nd ref='2'/><nd ref='3'/><tag k='highway' v='primary'/></way>".to_owned();
    for id in 1..=3 {
        text += &format!("<node id='{id}' lat='35' lon='{}'/>", 139.0 + degrees(id));
    }
    let (network, notes) =
        read((text + "</osm>").as_bytes(), 100, Some([139.0, 34.9, 139.025, 35.1])).expect("two points are inside");
    assert_eq!((network.nodes.len(), notes.cut), (2, 1));
    assert_eq!((network.nodes[0].lng, network.nodes[1].lng), (139.01, 139.02));
}

#[test]
fn what_is_left_out_is_counted() {
    let (_, notes) = drawn(&[
        (&[0, 1], "highway=residential"),
        (&[1, 2], "highway=residential access=private"),
        (&[2, 3], "highway=primary oneway=reversible"),
        (&[3, 4], "route=ferry"),
        (&[4, 5, 15, 4], "highway=service area=yes"),
        (&[5, 6], "highway=cycleway"),
    ]);
    assert_eq!((notes.roads_read, notes.closed, notes.reversible, notes.ferries, notes.areas), (1, 1, 1, 1, 1));
}

#[test]
fn a_wrong_file_is_told_what_it_is() {
    let blob = |content: &[u8]| [pbf_header(), write::blob("OSMData", content)].concat();
    let bomb = write::field(3, &miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; (32 << 20) + 1], 1));
    let mut long_header = pbf_header();
    long_header.extend(100_000_u32.to_be_bytes());
    let huge = [write::field(1, b"OSMData"), write::number(3, 33 << 20)].concat();
    let huge = [pbf_header(), (huge.len() as u32).to_be_bytes().to_vec(), huge].concat();
    let history = write::blob("OSMHeader", &write::field(1, &write::field(4, b"HistoricalInformation")));
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "empty"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(), "gzip"),
        (b"PK\x03\x04 and the rest of it".to_vec(), "zip archive"),
        (b"\x00\x01\x02\x03 binary, but not PBF".to_vec(), "not a file of roads"),
        (b"node,x_m,y_m\n1,2,3\n4,5,6\n".to_vec(), "not a file of roads"),
        (b"\xff\xfe<\0o\0s\0m\0>\0 and so on".to_vec(), "UTF-16"),
        (b"<!DOCTYPE html><html><body>404</body></html>".to_vec(), "web page"),
        (b"<gpx version='1.1'><trk></trk></gpx>".to_vec(), "not OpenStreetMap's"),
        (b"<osm version='0.6'></osm>        ".to_vec(), "no road"),
        (xml()[..400].to_vec(), "damaged"),
        (xml()[..xml().len() - 9].to_vec(), "damaged"),
        (b"{\"type\": \"Topology\", \"x\": 1}".to_vec(), "no road"),
        (b"{\"rows\": [1, 2, 3, 4, 5]}".to_vec(), "neither"),
        (overpass(true)[..300].to_vec(), "JSON"),
        (pbf()[..pbf().len() - 1].to_vec(), "not whole"),
        (pbf()[..60].to_vec(), "not whole"),
        (pbf_header(), "no road"),
        (long_header, "header is too long"),
        (huge, "limit of 33554432"),
        (blob(&bomb), "limit of 33554432"),
        (blob(&write::number(2, 1 << 40)), "limit of 33554432"),
        (blob(&write::field(3, b"no zlib")), "not readable"),
        (blob(&write::field(7, b"zstd")), "zstd"),
        (history, "HistoricalInformation"),
    ];
    for (bytes, expected) in cases {
        for piece in [5, 1 << 20] {
            let error = read(&bytes, piece, None).expect_err(expected);
            assert!(error.en.contains(expected), "{expected}: {}", error.en);
            assert!(!error.ja.is_empty() && error.ja != error.en);
        }
    }
}

#[test]
fn after_an_error_the_reader_says_it_again() {
    let mut reader = Reader::default();
    let error = reader.feed(b"PK\x03\x04 and the rest of it").expect_err("a ZIP");
    assert_eq!(reader.feed(&pbf()), Err(error.clone()));
    assert_eq!(reader.finish().err(), Some(error));
}

#[test]
fn damaged_bytes_are_an_error_or_another_town_and_never_a_panic() {
    let mut rng = crate::rng::Rng::new(1, "damage");
    let (mut errors, mut towns) = (0, 0);
    for bytes in [xml(), overpass(true), overpass(false), pbf()] {
        for _ in 0..2_000 {
            let mut bytes = bytes.clone();
            for _ in 0..1 + rng.below(4) {
                let at = rng.below(bytes.len());
                bytes[at] = rng.below(256) as u8;
            }
            bytes.truncate(if rng.below(4) == 0 { rng.below(bytes.len()) } else { bytes.len() });
            match read(&bytes, 1 + rng.below(500), None) {
                Ok(_) => towns += 1,
                Err(_) => errors += 1,
            }
        }
    }
    assert!(errors > 500 && towns > 500, "{errors} errors, {towns} towns");
}
