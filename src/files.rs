//! Files that people choose: how large each may be, and what bytes are that are none of those that are read.
//!
//! [`too_large`] answers before a file is read, by its size alone. The readers keep the same limits of their own.

use serde::{Deserialize, Serialize};

use crate::scenario::Text;

const MIB: u64 = 1 << 20;

/// What a file is chosen as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Roads, by [`crate::roads::Reader`].
    Roads,
    /// A feed, by [`crate::gtfs::read`].
    Feed,
    /// Trips, by [`crate::demand::csv::import`].
    Trips,
    /// One of the plain tables, by [`crate::scenario::tables::read`].
    Table,
    /// A series, by [`crate::site::csv::import`].
    Series,
    /// A scenario.
    Scenario,
}

/// The most bytes of a file.
///
/// Roads are read as they come: the points kept are limited besides, and 1 GiB of PBF is a small country. Everything else is held as
/// a whole, in a tab of 4 GB, beside what is made of it: a feed of a large city has 100 MB, a thousand trips 60 kB, a year of half
/// hours 500 kB, and a scenario on all roads of a city of half a million 30 MB. Trips are often kept by the year: a million rows
/// are some 70 MB.
pub fn most_bytes(kind: FileKind) -> u64 {
    match kind {
        FileKind::Roads => 1024 * MIB,
        FileKind::Trips => 400 * MIB,
        FileKind::Feed | FileKind::Scenario => 256 * MIB,
        FileKind::Table => 64 * MIB,
        FileKind::Series => 16 * MIB,
    }
}

/// Why a file of so many bytes is not read, and what to do; `None` if it may be.
pub fn too_large(kind: FileKind, bytes: u64) -> Option<Text> {
    let most = most_bytes(kind);
    let (ja, en) = match kind {
        FileKind::Roads => ("町の範囲だけを切り出した .osm.pbf にしてください", "cut an .osm.pbf to the town's area"),
        FileKind::Feed => ("フィードを路線や地域で分けてください", "split the feed by route or region"),
        FileKind::Trips => ("数日分の予約だけにしてください", "keep the trips of a few days"),
        FileKind::Table => ("1 日分、1 つの町の表にしてください", "keep one day and one town"),
        FileKind::Series => (
            "1 年分までの、1 時間または 30 分ごとの値だけにしてください",
            "keep the values of a year at most, by hour or half hour",
        ),
        FileKind::Scenario => ("道路の範囲を狭めてください", "give it roads of a smaller area"),
    };
    // Rounded up, so that a byte too many is seen.
    let (size, most_mb) = (bytes.div_ceil(MIB), most / MIB);
    (bytes > most).then(|| {
        Text::new(
            format!("ファイルが {size} MB あり、上限の {most_mb} MB を超えています。{ja}。"),
            format!("the file has {size} MB, more than the {most_mb} MB that are read: {en}"),
        )
    })
}

/// How a kind of file begins, and its name in Japanese and English.
type Beginning = (&'static [u8], &'static str, &'static str);

const BEGINNINGS: [Beginning; 16] = [
    (b"\x89PNG", "PNG の画像", "a PNG picture"),
    (b"\xff\xd8\xff", "JPEG の画像", "a JPEG picture"),
    (b"GIF8", "GIF の画像", "a GIF picture"),
    (b"%PDF-", "PDF の文書", "a PDF document"),
    (b"\x1f\x8b", "gzip のファイル", "a gzip file"),
    (b"PK\x03\x04", "zip の書庫（Excel のブックも含む）", "a zip archive (or a workbook)"),
    (b"BZh", "bzip2 のファイル", "a bzip2 file"),
    (b"\x28\xb5\x2f\xfd", "Zstandard のファイル", "a Zstandard file"),
    (b"\xfd7zXZ", "xz のファイル", "an xz file"),
    (b"Rar!", "RAR の書庫", "a RAR archive"),
    (b"7z\xbc\xaf", "7-Zip の書庫", "a 7-Zip archive"),
    (b"SQLite format 3\0", "SQLite のデータベース（GeoPackage など）", "an SQLite database (GeoPackage or the like)"),
    (b"\xd0\xcf\x11\xe0", "古い Office の文書", "a document of an old Office"),
    (b"\x00\x00\x27\x0a", "シェープファイル", "a shapefile"),
    (b"\xff\xfe", "UTF-16 の文字（UTF-8 で保存してください）", "UTF-16 text (save it as UTF-8)"),
    (b"\xfe\xff", "UTF-16 の文字（UTF-8 で保存してください）", "UTF-16 text (save it as UTF-8)"),
];

/// What bytes are that begin like a well-known kind of file, in Japanese and English.
pub(crate) fn what(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if crate::roads::begins_pbf(bytes) {
        return Some(("OpenStreetMap の地図（.osm.pbf）", "a map of OpenStreetMap (.osm.pbf)"));
    }
    BEGINNINGS.iter().find(|(begin, ..)| bytes.starts_with(begin)).map(|&(_, ja, en)| (ja, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_refused_by_its_size_with_both_numbers_and_a_remedy() {
        let two_gb = too_large(FileKind::Roads, 2_000_000_000).expect("too large");
        assert_eq!(
            two_gb,
            Text::new(
                "ファイルが 1908 MB あり、上限の 1024 MB を超えています。町の範囲だけを切り出した .osm.pbf にしてください。",
                "the file has 1908 MB, more than the 1024 MB that are read: cut an .osm.pbf to the town's area",
            )
        );
        for kind in
            [FileKind::Roads, FileKind::Feed, FileKind::Trips, FileKind::Table, FileKind::Series, FileKind::Scenario]
        {
            assert_eq!(too_large(kind, most_bytes(kind)), None, "{kind:?}");
            let most = (most_bytes(kind) / MIB).to_string();
            let text = too_large(kind, most_bytes(kind) + 1).expect("too large");
            assert!(text.ja.contains(&most) && text.en.contains(&most), "{kind:?}: {text:?}");
        }
    }
}
