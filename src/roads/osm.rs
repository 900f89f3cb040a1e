//! Roads from OpenStreetMap: what its three formats have in common.
//!
//! Of a file, the roads that vans may drive on are kept, each as the ids of its points, and the place of *every* point: in PBF and
//! XML nodes come before the ways that need them, and a file is read once, since a stream cannot be read again. A point takes
//! 16 bytes, in pages, so that no growing list is ever held twice: the 7 million of an extract of 50 MB take 112 MB. At the end one
//! pass over them finds those that the roads need.
//!
//! Left out, and counted ([`super::Notes`]): ferries, squares (`area=yes`), roads whose direction changes with the hour, roads
//! closed to vans, and turn restrictions: the graph has no turns. Left out without a count: barriers on the road, limits by hour,
//! weight or height.

mod overpass;
mod pbf;
pub(super) mod tags;
mod xml;

pub(super) use overpass::read as read_overpass;
pub(super) use pbf::Pbf;
pub(crate) use pbf::begins as begins_pbf;
pub(super) use xml::Xml;

use super::Notes;
use super::graph::{Line, Lines, Point, Road, lie_turned};
use crate::scenario::Text;

/// Most points of a file, 400 MB of them: three times those of an extract of 50 MB.
pub(super) const MOST_NODES: usize = 25_000_000;
/// Most points of its roads: 8 bytes each here, and some 40 while the graph is made.
pub(super) const MOST_REFERENCES: usize = 10_000_000;
/// Points in a page.
const PAGE: usize = 1 << 16;

/// What is kept of a file.
#[derive(Default)]
pub(super) struct Elements {
    pages: Vec<Vec<(i64, Point)>>,
    references: Vec<i64>,
    lines: Vec<Line>,
    pub(super) notes: Notes,
    /// The file has latitude where longitude should be.
    pub(super) swap: bool,
    /// Points that would be on Earth with latitude and longitude the other way round, and are not.
    turned: u32,
    /// Where the file says that it is: west, south, east, north in degrees.
    pub(super) bounds: Option<[f64; 4]>,
}

impl Elements {
    /// Of nothing yet; `swap`: of a file that has latitude where longitude should be.
    pub(super) fn new(swap: bool) -> Elements {
        Elements { swap, ..Elements::default() }
    }

    /// A place as the file gives it, in degrees; `None` where that is nowhere on Earth.
    pub(super) fn place(&mut self, lat: f64, lng: f64) -> Option<Point> {
        let (lat, lng) = if self.swap { (lng, lat) } else { (lat, lng) };
        let place = Point::of_degrees(lat, lng);
        self.turned += u32::from(place.is_none() && Point::of_degrees(lng, lat).is_some());
        place
    }

    /// Whether latitude and longitude are the wrong way round: no point is on Earth, or none where the file says that it is, but
    /// some would be the other way round. O(nodes).
    pub(super) fn is_swapped(&self) -> bool {
        let nowhere = self.turned > 0 && self.notes.nodes_read == 0;
        let points = self.pages.iter().flatten().map(|(_, point)| point);
        nowhere || self.bounds.is_some_and(|bounds| lie_turned(points, bounds))
    }

    /// Keeps a point; one that is nowhere on Earth is no point.
    pub(super) fn node(&mut self, id: i64, place: Option<Point>) -> Result<(), Text> {
        let Some(place) = place else { return Ok(()) };
        if self.notes.nodes_read as usize >= MOST_NODES {
            return Err(Text::new(
                format!("点が {MOST_NODES} 個を超え、大きすぎます。町の範囲だけを切り出したファイルにしてください。"),
                format!("more than {MOST_NODES} nodes are too many: cut the file to the town's area"),
            ));
        }
        self.notes.nodes_read += 1;
        if self.pages.last().is_none_or(|page| page.len() == PAGE) {
            self.pages.push(Vec::with_capacity(PAGE));
        }
        // There is a last page now.
        self.pages.last_mut().into_iter().for_each(|page| page.push((id, place)));
        Ok(())
    }

    /// Keeps a way if it is a road for vans, else counts it.
    pub(super) fn way<'t>(
        &mut self,
        references: impl IntoIterator<Item = i64>,
        tag: impl Fn(&str) -> Option<&'t str>,
    ) -> Result<(), Text> {
        let notes = &mut self.notes;
        let left_out = match tags::way(tag) {
            tags::Way::Road { road, turned } => return self.road(references, road, turned),
            tags::Way::Closed => &mut notes.closed,
            tags::Way::Reversible => &mut notes.reversible,
            tags::Way::Area => &mut notes.areas,
            tags::Way::Ferry => &mut notes.ferries,
            tags::Way::Other => return Ok(()),
        };
        *left_out += 1;
        Ok(())
    }

    fn road(&mut self, references: impl IntoIterator<Item = i64>, road: Road, turned: bool) -> Result<(), Text> {
        let begin = self.references.len();
        self.references.extend(references.into_iter().take(MOST_REFERENCES + 1 - begin));
        if self.references.len() > MOST_REFERENCES {
            return Err(Text::new(
                format!(
                    "道路の点が {MOST_REFERENCES} 個を超え、大きすぎます。町の範囲だけを切り出したファイルにしてください。"
                ),
                format!("more than {MOST_REFERENCES} points of roads are too many: cut the file to the town's area"),
            ));
        }
        if turned {
            self.references[begin..].reverse();
        }
        self.notes.roads_read += 1;
        self.lines.push(Line { road, end: self.references.len() });
        Ok(())
    }

    /// Counts a relation if it restricts turns.
    pub(super) fn relation<'t>(&mut self, tag: impl Fn(&str) -> Option<&'t str>) {
        // `restriction:bus` and the like are for others.
        self.notes.turn_restrictions += u32::from(tag("type") == Some("restriction"));
    }

    /// The roads with their points. Where a point is not in the file a road is cut. O(nodes + references log references).
    pub(super) fn lines(mut self) -> (Lines, Notes) {
        let mut wanted = self.references.clone();
        wanted.sort_unstable();
        wanted.dedup();
        let mut places: Vec<Option<Point>> = vec![None; wanted.len()];
        let mut at = 0;
        for (id, place) in std::mem::take(&mut self.pages).into_iter().flatten() {
            // Most files are sorted by id: the next one wanted is the same or a later one.
            if at > 0 && wanted[at - 1] >= id {
                at = wanted.partition_point(|&wanted| wanted < id);
            }
            while at < wanted.len() && wanted[at] < id {
                at += 1;
            }
            if at < wanted.len() && wanted[at] == id {
                places[at] = Some(place);
            }
        }

        let mut lines = Lines::default();
        let mut numbers = vec![u32::MAX; wanted.len()];
        let mut begin = 0;
        for Line { road, end } in &self.lines {
            let indices: Vec<Option<usize>> = self.references[begin..*end]
                .iter()
                .map(|id| wanted.binary_search(id).ok().filter(|&index| places[index].is_some()))
                .collect();
            self.notes.cut += u32::from(indices.contains(&None));
            for piece in indices.split(Option::is_none).filter(|piece| piece.len() > 1) {
                for index in piece.iter().copied().flatten() {
                    if numbers[index] == u32::MAX {
                        numbers[index] = lines.points.len() as u32;
                        lines.points.extend(places[index]);
                    }
                    lines.vertices.push(numbers[index]);
                }
                lines.lines.push(Line { road: *road, end: lines.vertices.len() });
            }
            begin = *end;
        }
        (lines, self.notes)
    }
}

/// What is said of a file that ends too soon or has bytes that cannot be.
pub(super) fn damaged(ja: &str, en: &str) -> Text {
    Text::new(
        format!("ファイルが途中で切れているか、壊れています（{ja}）。もう一度ダウンロードしてください。"),
        format!("the file is cut off or damaged ({en}): download it again"),
    )
}

/// What is said of coordinates that are the wrong way round, with or without having been changed already.
pub(super) fn swapped(swap: bool) -> Text {
    if swap {
        return Text::new(
            "緯度と経度を入れ替えると場所が合いません。入れ替えずに（コマンドでは --swap なしで）読んでください。",
            "with latitude and longitude swapped no place is right: read the file without swapping them (without --swap)",
        );
    }
    Text::new(
        "緯度と経度が逆に書かれています。入れ替えて（コマンドでは --swap）読み直すか、ファイルの順序を直してください。",
        "latitude and longitude are the wrong way round: read the file with the two swapped (--swap), or mend their order",
    )
}

#[cfg(test)]
mod tests;
