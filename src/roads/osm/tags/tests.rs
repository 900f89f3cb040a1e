use super::*;

/// What a way is with these tags, as `key=value` with spaces between.
fn of(tags: &str) -> Way {
    let pairs: Vec<(&str, &str)> = tags.split(' ').map(|pair| pair.split_once('=').expect("key=value")).collect();
    way(|key| pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| *value))
}

fn road(tags: &str) -> Road {
    match of(tags) {
        Way::Road { road, .. } => road,
        other => panic!("{tags}: {other:?}"),
    }
}

#[test]
fn classes_are_those_of_highway() {
    for (highway, class) in [
        ("motorway_link", RoadClass::Motorway),
        ("trunk", RoadClass::Trunk),
        ("primary", RoadClass::Primary),
        ("tertiary", RoadClass::Secondary),
        ("unclassified", RoadClass::Residential),
        ("living_street", RoadClass::Service),
        ("service", RoadClass::Service),
    ] {
        assert_eq!(road(&format!("highway={highway}")).class, class, "{highway}");
    }
    for tags in ["highway=footway", "highway=construction", "highway=proposed", "railway=tram", "building=yes"] {
        assert_eq!(of(tags), Way::Other, "{tags}");
    }
    assert_eq!(of("route=ferry motor_vehicle=yes"), Way::Ferry);
    assert_eq!(of("highway=service area=yes"), Way::Area);
}

#[test]
fn vans_pass_where_riders_are_and_where_buses_may() {
    for open in [
        "access=yes",
        "access=destination",
        "access=customers",
        "motor_vehicle=permissive",
        "motor_vehicle=destination",
        "access=no motor_vehicle=yes",
        "vehicle=no motorcar=yes",
        "motor_vehicle=no psv=yes",
        "access=no bus=designated",
        "service=alley",
    ] {
        assert!(matches!(of(&format!("highway=residential {open}")), Way::Road { .. }), "{open}");
    }
    for closed in [
        "access=no",
        "access=private",
        "vehicle=no",
        "motor_vehicle=private",
        "motorcar=no access=yes",
        "motor_vehicle=agricultural",
        "access=no psv=no",
        "service=parking_aisle",
        "service=drive-through",
        "service=driveway",
    ] {
        assert_eq!(of(&format!("highway=residential {closed}")), Way::Closed, "{closed}");
    }
    for others in ["highway=track", "highway=pedestrian", "highway=busway", "highway=pedestrian access=yes"] {
        assert_eq!(of(others), Way::Closed, "{others}");
    }
    for opened in ["highway=track motor_vehicle=yes", "highway=pedestrian psv=yes", "highway=busway bus=yes"] {
        assert_eq!(road(opened).class, RoadClass::Service, "{opened}");
    }
}

#[test]
fn one_way_is_said_or_implied() {
    let direction = |tags: &str| match of(tags) {
        Way::Road { road, turned } => Some((road.one_way, turned)),
        _ => None,
    };
    for (tags, expected) in [
        ("highway=residential", Some((false, false))),
        ("highway=residential oneway=no", Some((false, false))),
        ("highway=residential oneway=alternating", Some((false, false))),
        ("highway=residential oneway=yes", Some((true, false))),
        ("highway=residential oneway=1", Some((true, false))),
        ("highway=residential oneway=-1", Some((true, true))),
        ("highway=residential oneway=yes oneway:bus=no", Some((false, false))),
        ("highway=primary junction=roundabout", Some((true, false))),
        ("highway=primary junction=circular", Some((true, false))),
        ("highway=motorway", Some((true, false))),
        ("highway=motorway oneway=no", Some((false, false))),
        ("highway=motorway_link", Some((false, false))),
    ] {
        assert_eq!(direction(tags), expected, "{tags}");
    }
    assert_eq!(of("highway=primary oneway=reversible"), Way::Reversible);
}

#[test]
fn limits_are_driven_at_a_share_of_them() {
    for (tags, limit_kmh) in [
        ("maxspeed=50", Some(50.0)),
        ("maxspeed=30mph", Some(48.280_32)),
        ("maxspeed=10knots", Some(18.52)),
        ("maxspeed=walk", Some(7.0)),
        ("maxspeed=none", None),
        ("maxspeed=signals", None),
        ("maxspeed=fast", None),
        ("maxspeed=1", None),
        ("maxspeed=999", None),
        ("maxspeed=JP:urban", Some(60.0)),
        ("maxspeed=DE:urban", Some(50.0)),
        ("maxspeed=DE:rural", Some(100.0)),
        ("maxspeed=DE:motorway", None),
        ("maxspeed=DE:zone:30", Some(30.0)),
        ("maxspeed=AT:zone30", Some(30.0)),
        ("maxspeed=FI:rural", Some(80.0)),
        ("maxspeed=GB:nsl_single", Some(96.560_64)),
        ("maxspeed=none maxspeed:type=JP:motorway", Some(100.0)),
        ("maxspeed=60 maxspeed:forward=40", Some(40.0)),
        ("maxspeed:forward=40 maxspeed:backward=30", Some(30.0)),
        ("maxspeed:forward=40 maxspeed:backward=30 oneway=yes", Some(40.0)),
        ("maxspeed:forward=40 maxspeed:backward=30 oneway=-1", Some(30.0)),
    ] {
        let found = road(&format!("highway=primary {tags}")).speed_kmh;
        let expected = limit_kmh.map(|limit| limit * 0.8);
        assert!(
            found == expected || (found.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-9,
            "{tags}: {found:?}, not {expected:?}"
        );
    }
}

#[test]
fn units_may_stand_apart_from_the_number() {
    for (value, kmh) in [("50 km/h", 50.0), (" 30 mph", 48.280_32), ("80 kph", 80.0)] {
        assert!((speed_kmh(value).expect(value) - kmh).abs() < 1e-9, "{value}");
    }
    assert_eq!(speed_kmh("50 m/s"), None);
}
