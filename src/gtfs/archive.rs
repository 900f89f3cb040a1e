//! The files of a feed's zip archive.
//!
//! Only files that mean something are expanded, and only so far: an archive of a few kilobytes can hold gigabytes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::files::{self, FileKind};
use crate::scenario::Text;
use crate::table::quoted;

/// Most bytes of all files together, expanded: what a browser's tab has room for, and the feed made of them beside it.
const MOST_BYTES: u64 = 512 << 20;
/// Most bytes of one file, expanded: five million rows of `stop_times.txt` at 50 bytes.
const MOST_FILE_BYTES: u64 = 256 << 20;
/// Most files in an archive; a feed has some thirty.
const MOST_FILES: usize = 10_000;

/// Files by name, in lower case and without folders.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Expands those files of an archive that are `wanted`. They may lie in a folder. The error says what the bytes are instead of
/// a feed, or what is damaged.
pub(super) fn expand(archive: &[u8], wanted: &[&str]) -> Result<Files, Text> {
    if let Some(wrong) = files::too_large(FileKind::Feed, archive.len() as u64) {
        return Err(wrong);
    }
    expand_within(archive, wanted, [MOST_BYTES, MOST_FILE_BYTES])
}

/// Within so many bytes of all files together, and of each; no more than that are ever expanded.
pub(super) fn expand_within(bytes: &[u8], wanted: &[&str], most_bytes: [u64; 2]) -> Result<Files, Text> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| no_archive(bytes, &error))?;
    if archive.len() > MOST_FILES {
        let count = archive.len();
        return Err(Text::new(
            format!("zip の中に {count} 個のファイルがあり、多すぎます。GTFS の txt ファイルだけを入れてください。"),
            format!("{count} files in the archive are too many: put only the feed's txt files in it"),
        ));
    }
    let names: Vec<String> = (0..archive.len())
        .map(|index| match archive.name_for_index(index) {
            Some(Ok(name)) => name.replace('\\', "/").to_lowercase(),
            // A name that is no text is no file of a feed.
            _ => String::new(),
        })
        .collect();
    let folder = folder(&names)?;
    let mut files = Files::new();
    let [mut left, most_of_one] = most_bytes;
    for (index, path) in names.iter().enumerate() {
        let Some(name) = path.strip_prefix(folder).filter(|name| wanted.contains(name)) else { continue };
        let damaged = |reason: &dyn std::fmt::Display| {
            Text::new(
                format!("zip の中の {name} を展開できません（{reason}）。もう一度ダウンロードしてください。"),
                format!("{name} in the archive cannot be expanded ({reason}): download it again"),
            )
        };
        let file = archive.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Text::new(
                format!("zip の中の {name} にパスワードが掛かっています。外してください。"),
                format!("{name} in the archive needs a password: take it away"),
            ),
            ZipError::CompressionMethodNotSupported(_) => Text::new(
                format!(
                    "zip の中の {name} は deflate 以外の方式で圧縮されています。ふつうの zip で圧縮し直してください。"
                ),
                format!("{name} in the archive is not compressed by deflate: pack it again as a common zip"),
            ),
            other => damaged(&other),
        })?;
        let mut content = Vec::new();
        // What the archive says of its sizes need not be true.
        file.take(left.min(most_of_one) + 1).read_to_end(&mut content).map_err(|error| damaged(&error))?;
        if content.len() as u64 > most_of_one {
            let most = most_of_one >> 20;
            return Err(Text::new(
                format!("zip の中の {name} は展開すると {most} MB を超えます。フィードを路線や地域で分けてください。"),
                format!("{name} in the archive expands to more than {most} MB: split the feed by route or region"),
            ));
        }
        let Some(rest) = left.checked_sub(content.len() as u64) else {
            let most = most_bytes[0] >> 20;
            return Err(Text::new(
                format!(
                    "zip の中の {name} で展開後の大きさが {most} MB を超えます。フィードを路線や地域で分けてください。"
                ),
                format!("with {name} the archive expands to more than {most} MB: split the feed by route or region"),
            ));
        };
        left = rest;
        files.insert(name.to_owned(), content);
    }
    Ok(files)
}

/// The one folder that holds the feed, with its slash; the archive's top if none does.
fn folder(names: &[String]) -> Result<&str, Text> {
    let depth = |folder: &str| folder.matches('/').count();
    let mut folders: Vec<&str> = names
        .iter()
        .filter(|name| !name.starts_with("__macosx/"))
        .filter_map(|name| name.strip_suffix("stops.txt").filter(|rest| rest.is_empty() || rest.ends_with('/')))
        .collect();
    folders.sort_by_key(|folder| depth(folder));
    match folders[..] {
        [] => match names.iter().find(|name| name.ends_with(".zip")) {
            Some(inner) => Err(Text::new(
                format!("zip の中に別の zip（{}）があります。それを取り出して選んでください。", quoted(inner)),
                format!("the archive holds another, {}: take that one out and choose it", quoted(inner)),
            )),
            None => Ok(""),
        },
        [first, second, ..] if depth(first) == depth(second) => Err(Text::new(
            format!("zip の中にフィードが二つ以上あります（{first} と {second}）。一つずつ zip にしてください。"),
            format!("the archive holds more than one feed ({first} and {second}): make an archive of each"),
        )),
        [first, ..] => Ok(first),
    }
}

/// Why bytes are no archive that can be opened.
fn no_archive(bytes: &[u8], error: &ZipError) -> Text {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let other = |ja: &str, en: &str| {
        Text::new(
            format!("{ja}で、zip ではありません。GTFS の zip ファイルを選んでください。"),
            format!("this is {en}, not a zip archive: choose the feed's zip file"),
        )
    };
    match text {
        [] => other("空のファイル", "an empty file"),
        [b'<', ..] => other(
            "ウェブページ（HTML）など（ダウンロードのリンク切れかもしれません）",
            "a web page or the like (the link may be dead)",
        ),
        [b'{', ..] | [b'[', ..] => other("JSON", "JSON"),
        _ if bytes.starts_with(b"PK\x03\x04") => Text::new(
            format!("zip が途中で切れているか、壊れています（{error}）。もう一度ダウンロードしてください。"),
            format!("the zip archive is cut off or damaged ({error}): download it again"),
        ),
        _ => {
            let (ja, en) = files::what(bytes).unwrap_or(("別の種類のファイル", "another kind of file"));
            other(ja, en)
        }
    }
}

/// An archive of files, in the order of their names; the same files give the same bytes. `Cow` lets tests pack what is no text.
pub(super) fn pack<'a>(files: impl IntoIterator<Item = (&'a str, Cow<'a, [u8]>)>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    // The time of day has no place in it.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let files: BTreeMap<&str, Cow<[u8]>> = files.into_iter().collect();
    for (name, content) in files {
        writer.start_file(name, options).expect("memory takes files, each with a name of its own");
        writer.write_all(&content).expect("memory takes bytes");
    }
    writer.finish().expect("memory takes an archive").into_inner()
}
