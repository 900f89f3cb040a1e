//! Stops of one's own, and the depot, from a table: CSV as every table here, or the `stops.txt` of GTFS.
//!
//! | column | means |
//! | --- | --- |
//! | `id` | short unique id, as in files of trips |
//! | `name` | name; the id if empty |
//! | `lat`, `lng` | place in degrees |
//! | `kind` | `depot` (車庫) for the depot, one at most; else a stop |

use std::collections::BTreeMap;

use super::Place;
use crate::scenario::Text;
use crate::table::named::{Named, Names};
use crate::table::{self, Problems, RowProblem, quoted};

const ID: usize = 0;
const NAME: usize = 1;
const LAT: usize = 2;
const LNG: usize = 3;
const KIND: usize = 4;
const COLUMNS: &[Names] = &[
    &["id", "stop_id", "停留所id", "番号", "コード"],
    &["name", "stop_name", "名称", "名前", "停留所名", "停留所"],
    &["lat", "latitude", "stop_lat", "緯度"],
    &["lng", "lon", "longitude", "stop_lon", "経度"],
    &["kind", "種別"],
];

/// Stops and, if it is told, the depot.
#[derive(Debug, Clone, PartialEq)]
pub struct Places {
    /// Stops, in the order of the file.
    pub stops: Vec<Place>,
    /// The depot.
    pub depot: Option<Place>,
}

/// Reads a table of stops. The file may be anything.
///
/// # Errors
/// Everything that is wrong with it, by line and column.
pub fn read(file: &[u8]) -> Result<Places, Vec<RowProblem>> {
    let mut problems = Problems::default();
    let mut places = Places { stops: Vec::new(), depot: None };
    match table::decode(file) {
        Ok((text, _)) => places.read(&table::one_line_end(&text), &mut problems),
        Err(message) => problems.add(1, None, message),
    }
    if problems.is_empty() && places.stops.len() < 2 {
        let count = places.stops.len();
        problems.add(
            1,
            None,
            Text::new(
                format!(
                    "停留所が {count} か所です。2 か所以上を、id,name,lat,lng の見出しの下に 1 行ずつ書いてください。"
                ),
                format!("{count} stops: give two or more, one on each line below the header id,name,lat,lng"),
            ),
        );
    }
    if problems.is_empty() { Ok(places) } else { Err(problems.finish()) }
}

impl Places {
    fn read(&mut self, text: &str, problems: &mut Problems) {
        let Some(mut table) = Named::new(text, COLUMNS) else { return };
        if !table.need(&[ID, LAT, LNG], problems) {
            return;
        }
        let mut lines: BTreeMap<String, u32> = BTreeMap::new();
        while let Some(row) = table.next() {
            let id = row.text(ID).to_owned();
            let lat = row.number(LAT, -90.0, 90.0, problems);
            let lng = row.number(LNG, -180.0, 180.0, problems);
            let message = if id.is_empty() {
                Some(Text::new("空です。ほかと違う id を書いてください。", "empty: give an id that no other stop has"))
            } else {
                lines.get(&id).map(|line| {
                    let id = quoted(&id);
                    Text::new(
                        format!("「{id}」は {line} 行目にもあります。別の id にしてください。"),
                        format!("\"{id}\" stands on line {line} too: give another id"),
                    )
                })
            };
            if let Some(message) = message {
                row.problem(ID, message, problems);
                continue;
            }
            lines.insert(id.clone(), row.line);
            let name = if row.text(NAME).is_empty() { id.clone() } else { row.text(NAME).to_owned() };
            let (Some(lat), Some(lng)) = (lat, lng) else { continue };
            let place = Place { id, name, name_en: None, lat, lng };
            if !matches!(&*row.text(KIND).to_lowercase(), "depot" | "車庫") {
                self.stops.push(place);
            } else if self.depot.is_none() {
                self.depot = Some(place);
            } else {
                let message = Text::new("車庫は一つだけ書いてください。", "a second depot: give one at most");
                row.problem(KIND, message, problems);
            }
        }
    }
}
