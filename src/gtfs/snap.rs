//! A feed's stops as stops of a scenario, each at the nearest node of the roads.

use std::collections::BTreeMap;

use super::Feed;
use crate::math;
use crate::scenario::{Category, Network, Scenario, Stop, Text, Zone};

/// A stop farther than this from any node, in metres, is not on the scenario's roads; trip files have the same limit.
const MAX_SNAP_M: f64 = 1_000.0;

/// Why a feed and a scenario are not of one place: no stop is nearer than [`MAX_SNAP_M`] to the box around the roads. The message says how
/// far and where both lie, or that the feed has latitude and longitude the wrong way round. O(stops + nodes).
pub(super) fn apart(feed: &Feed, scenario: &Scenario) -> Option<Text> {
    let nodes = scenario.network.nodes.iter().map(|node| (node.lat, node.lng));
    let stops = || feed.stops.iter().filter_map(|stop| stop.place);
    let (roads, served) = (around(nodes)?, around(stops())?);
    let nearest_m = |places: &mut dyn Iterator<Item = (f64, f64)>| {
        places.map(|place| math::distance_m(place, roads.clamped(place))).fold(f64::INFINITY, f64::min)
    };
    let away_m = nearest_m(&mut stops());
    if away_m <= MAX_SNAP_M {
        return None;
    }
    let on_earth = |place: &(f64, f64)| place.0.abs() <= 90.0;
    if nearest_m(&mut stops().map(|(lat, lng)| (lng, lat)).filter(on_earth)) <= MAX_SNAP_M {
        return Some(Text::new(
            "フィードの停留所の緯度と経度が逆に書かれています。入れ替えて（コマンドでは --swap）読むか、stops.txt を直してください。",
            "the feed's stops have latitude and longitude the wrong way round: read it with the two swapped (--swap), or mend stops.txt",
        ));
    }
    let (km, [there, here]) = (away_m / 1e3, [served.middle(), roads.middle()]);
    Some(Text::new(
        format!(
            "フィードの停留所（緯度 {:.2}、経度 {:.2} のあたり）は、このシナリオの道路（緯度 {:.2}、経度 {:.2} のあたり）から {km:.0} km 離れています。同じ町のフィードと道路を選んでください。",
            there.0, there.1, here.0, here.1
        ),
        format!(
            "the feed's stops, around latitude {:.2} and longitude {:.2}, are {km:.0} km from this scenario's roads, around {:.2} and {:.2}: choose a feed and roads of one town",
            there.0, there.1, here.0, here.1
        ),
    ))
}

/// The least and the greatest latitude and longitude of some places.
struct Extent {
    least: (f64, f64),
    greatest: (f64, f64),
}

fn around(places: impl Iterator<Item = (f64, f64)>) -> Option<Extent> {
    places.map(|place| Extent { least: place, greatest: place }).reduce(|a, b| Extent {
        least: (a.least.0.min(b.least.0), a.least.1.min(b.least.1)),
        greatest: (a.greatest.0.max(b.greatest.0), a.greatest.1.max(b.greatest.1)),
    })
}

impl Extent {
    /// The place within it that is nearest to another, by latitude and longitude each.
    fn clamped(&self, (lat, lng): (f64, f64)) -> (f64, f64) {
        (lat.clamp(self.least.0, self.greatest.0), lng.clamp(self.least.1, self.greatest.1))
    }

    fn middle(&self) -> (f64, f64) {
        ((self.least.0 + self.greatest.0) / 2.0, (self.least.1 + self.greatest.1) / 2.0)
    }
}

/// Lays stops into a scenario, each once.
pub(super) struct Snapper<'f> {
    feed: &'f Feed,
    scenario: Scenario,
    /// Nodes from which and to which the whole network can be driven.
    nodes: Vec<u32>,
    /// Position in the scenario of each stop of the feed that was asked for.
    known: BTreeMap<usize, Option<usize>>,
    result: Snapped,
}

/// What became of the stops.
#[derive(Default)]
pub(super) struct Snapped {
    /// Stops that the scenario did not have before.
    pub added: u32,
    /// The longest way from a stop to its node, in metres.
    pub farthest_m: f64,
    /// Stops left out, and why.
    pub notes: Vec<Text>,
}

impl<'f> Snapper<'f> {
    pub(super) fn new(feed: &'f Feed, scenario: Scenario) -> Snapper<'f> {
        let base = scenario.depots.first().map(|depot| depot.node).or(scenario.stops.first().map(|stop| stop.node));
        let nodes = connected(&scenario.network, base);
        Snapper { feed, scenario, nodes, known: BTreeMap::new(), result: Snapped::default() }
    }

    pub(super) fn finish(self) -> (Scenario, Snapped) {
        (self.scenario, self.result)
    }

    /// Position in the scenario of a stop of the feed; none if it lies nowhere or too far off. Platforms of one name at one node
    /// are one stop.
    pub(super) fn stop(&mut self, stop: usize) -> Option<usize> {
        if let Some(&known) = self.known.get(&stop) {
            return known;
        }
        let laid = self.lay(stop);
        self.known.insert(stop, laid);
        laid
    }

    fn lay(&mut self, index: usize) -> Option<usize> {
        let stop = &self.feed.stops[index];
        let nearest = stop.place.and_then(|place| self.nearest(place));
        let Some((node, distance_m)) = nearest.filter(|&(_, distance_m)| distance_m <= MAX_SNAP_M) else {
            let (ja, en) = match nearest {
                None => ("位置が分からない".into(), "its place is not known".into()),
                Some((_, m)) => (format!("道路から {m:.0} m 離れている"), format!("it is {m:.0} m from the roads")),
            };
            let (id, name) = (&stop.id, &stop.name);
            self.result.notes.push(Text::new(
                format!("停留所「{}」（{id}）は{ja}ため使いません。", name.ja),
                format!("the stop \"{}\" ({id}) is left out: {en}", name.en),
            ));
            return None;
        };
        self.result.farthest_m = self.result.farthest_m.max(distance_m);
        let stops = &self.scenario.stops;
        let same = |own: &Stop| own.node == node && (own.name.ja == stop.name.ja || own.id == stop.id);
        if let Some(own) = stops.iter().position(same) {
            return Some(own);
        }
        let taken = |id: &str| stops.iter().any(|own| own.id == id);
        let mut id = stop.id.clone();
        while taken(&id) {
            id.push('\'');
        }
        let zone = self.zone(&stop.zone, stop.place?);
        self.result.added += 1;
        self.scenario.stops.push(Stop {
            id,
            name: stop.name.clone(),
            node,
            zone,
            category: category(&stop.name.ja),
            weight: 1.0,
            is_virtual: false,
            elderly_share: None,
        });
        Some(self.scenario.stops.len() - 1)
    }

    /// The fare zone of a new stop: that of its name, else that of the nearest stop; a free one where there is none at all.
    fn zone(&mut self, name: &str, place: (f64, f64)) -> String {
        let zones = &mut self.scenario.fares.zones;
        if zones.is_empty() {
            let name = Text::new("全域", "everywhere");
            zones.push(Zone { id: "all".into(), name, adult_yen: 0.0 });
        }
        if zones.iter().any(|zone| zone.id == name) {
            return name.to_owned();
        }
        let nodes = &self.scenario.network.nodes;
        let distance_m = |stop: &&Stop| {
            let node = &nodes[stop.node as usize];
            math::distance_m(place, (node.lat, node.lng))
        };
        let nearest = self.scenario.stops.iter().min_by(|a, b| distance_m(a).total_cmp(&distance_m(b)));
        nearest.map_or(zones[0].id.clone(), |stop| stop.zone.clone())
    }

    /// The nearest node and its distance in metres. O(nodes).
    fn nearest(&self, place: (f64, f64)) -> Option<(u32, f64)> {
        let nodes = &self.scenario.network.nodes;
        let distance = |&node: &u32| math::distance_m(place, (nodes[node as usize].lat, nodes[node as usize].lng));
        self.nodes.iter().map(|node| (*node, distance(node))).min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// The nodes that can be driven to from a base, and from which it can be reached; from the node of the most sections if there is
/// no base. O(nodes + edges).
fn connected(network: &Network, base: Option<u32>) -> Vec<u32> {
    let count = network.nodes.len();
    let (mut ways, mut back) = (vec![Vec::new(); count], vec![Vec::new(); count]);
    for edge in &network.edges {
        for (from, to, is_driven) in [(edge.from, edge.to, true), (edge.to, edge.from, !edge.one_way)] {
            if is_driven {
                ways[from as usize].push(to);
                back[to as usize].push(from);
            }
        }
    }
    let busiest = || (0..count as u32).max_by_key(|&node| ways[node as usize].len());
    let Some(base) = base.or_else(busiest) else { return Vec::new() };
    let reached = |ways: &[Vec<u32>]| {
        let mut reached = vec![false; count];
        let mut open = vec![base];
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut reached[node as usize], true) {
                open.extend(&ways[node as usize]);
            }
        }
        reached
    };
    let (there, home) = (reached(&ways), reached(&back));
    (0..count as u32).filter(|&node| there[node as usize] && home[node as usize]).collect()
}

/// What is at a stop, as far as its Japanese name says it; homes where it says nothing.
fn category(name: &str) -> Category {
    const WORDS: [(Category, &[&str]); 7] = [
        (Category::Clinic, &["病院", "医院", "診療所", "クリニック", "医療センター"]),
        (Category::School, &["学校", "小前", "中前", "高校", "大学", "保育", "幼稚園"]),
        (Category::Office, &["役場", "役所", "庁舎", "支所", "公民館", "保健センター", "図書館"]),
        (Category::Shop, &["スーパー", "ショッピング", "モール", "イオン", "商店街", "プラザ"]),
        (Category::Leisure, &["温泉", "公園", "体育館", "道の駅", "博物館", "美術館"]),
        (Category::Work, &["工場", "工業団地", "港"]),
        (Category::Station, &["駅"]),
    ];
    let named = WORDS.iter().find(|(_, words)| words.iter().any(|word| name.contains(word)));
    named.map_or(Category::Home, |(category, _)| *category)
}
