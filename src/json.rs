//! JSON of others, with the place of whatever is wrong in it.

use serde::de::DeserializeOwned;

/// Why a text is not the JSON that was wanted.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// Where, such as `stops[2].node`; empty for the document itself.
    pub path: String,
    /// What was met, with line and column.
    pub reason: String,
}

/// Reads a document. O(its length).
///
/// The path is found afterwards, from line and column: to keep track of it on the way (`serde_path_to_error`) is compiled anew for
/// each type, and was a sixth of the wasm module.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Result<T, Unreadable> {
    serde_json::from_str(json).map_err(|error| {
        let line_begins = json.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
        Unreadable { path: path_at(json.as_bytes(), line_begins + error.column()), reason: error.to_string() }
    })
}

/// What is open at a place of a document, from outside to inside.
enum Open<'j> {
    /// An object, and the member that was begun last.
    Object(Option<&'j [u8]>),
    /// An array, and the position of the element that was begun last.
    Array(usize),
}

/// The path of the value that ends behind so many bytes, or holds them. Names are as the document writes them.
fn path_at(json: &[u8], end: usize) -> String {
    let mut open = Vec::new();
    let mut at = 0;
    let mut text = None;
    while at < end.min(json.len()) {
        match json[at] {
            b'"' => {
                let begin = at + 1;
                at = begin;
                while at < json.len() && json[at] != b'"' {
                    at += if json[at] == b'\\' { 2 } else { 1 };
                }
                text = Some(&json[begin..at.min(json.len())]);
            }
            b':' => {
                if let Some(Open::Object(member)) = open.last_mut() {
                    *member = text.take();
                }
            }
            b',' => {
                if let Some(Open::Array(position)) = open.last_mut() {
                    *position += 1;
                }
            }
            b'{' => open.push(Open::Object(None)),
            b'[' => open.push(Open::Array(0)),
            b'}' | b']' => {
                open.pop();
            }
            _ => {}
        }
        at += 1;
    }
    let mut path = String::new();
    for part in open {
        match part {
            Open::Object(None) => {}
            Open::Object(Some(member)) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&String::from_utf8_lossy(member));
            }
            Open::Array(position) => path.push_str(&format!("[{position}]")),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    const NAMIE: &str = include_str!("scenario/towns/namie.json");

    /// The path by a reader that keeps track of it on the way.
    fn tracked(json: &str) -> Option<String> {
        let mut document = serde_json::Deserializer::from_str(json);
        let error = serde_path_to_error::deserialize::<_, Scenario>(&mut document).err()?;
        Some(error.path().to_string()).map(|path| if path == "." { String::new() } else { path })
    }

    #[test]
    fn paths_are_those_of_a_reader_that_keeps_track() {
        // A text in the place of numbers, true and false all over the document.
        let (mut compared, mut in_text) = (0, false);
        let bytes = NAMIE.as_bytes();
        for at in 1..bytes.len() {
            in_text ^= bytes[at] == b'"';
            let begins = matches!(bytes[at], b'-' | b'0'..=b'9' | b't' | b'f') && b":, [\n".contains(&bytes[at - 1]);
            if in_text || !begins || at % 40 > 0 {
                continue;
            }
            let length = NAMIE[at..].find([',', '\n', '}', ']']).expect("an end");
            let damaged = format!("{}\"no, \\\"{{[\"{}", &NAMIE[..at], &NAMIE[at + length..]);
            let Some(expected) = tracked(&damaged) else { continue };
            assert_eq!(read::<Scenario>(&damaged).expect_err("damaged").path, expected);
            compared += 1;
        }
        assert!(compared > 50, "{compared}");
    }
}
