//! Names in two languages, and how they are read: `translations.txt`.
//!
//! There are two forms. The old one (GTFS-JP until its third edition) has `trans_id`, `lang`, `translation`, where `trans_id` is
//! the text that is translated, wherever it stands. The standard one has `table_name`, `field_name`, `language`, `translation` and
//! either `record_id` or `field_value`; the record counts before the value.

use std::collections::HashMap;

use super::file::{Reader, Row};
use crate::scenario::Text;

/// What a name may be translated into here; other languages are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Language {
    Japanese,
    /// Japanese in kana (`ja-Hrkt`), or in hiragana or katakana alone.
    Reading,
    English,
}

impl Language {
    /// From a tag of BCP 47.
    fn parse(tag: &str) -> Option<Language> {
        let tag = tag.to_lowercase().replace('_', "-");
        match tag.split_once('-').unwrap_or((&tag, "")) {
            ("ja", "hrkt" | "hira" | "kana") => Some(Language::Reading),
            ("ja", _) => Some(Language::Japanese),
            ("en", _) => Some(Language::English),
            _ => None,
        }
    }
}

/// The translations of a feed.
#[derive(Default)]
pub(super) struct Names {
    /// By language and table, field, kind of key, key; the old form has neither table nor field.
    found: HashMap<(Language, String), String>,
}

fn key(parts: [&str; 4]) -> String {
    parts.join("\u{1f}")
}

impl Names {
    pub(super) fn read(reader: &mut Reader) -> Names {
        let mut names = Names::default();
        let mut add = |tag: &str, parts: [&str; 4], row: &Row| {
            if let Some(language) = Language::parse(tag)
                && !row.get("translation").is_empty()
            {
                // Of several the first counts; a region's English is English.
                names.found.entry((language, key(parts))).or_insert_with(|| row.get("translation").to_owned());
            }
        };
        reader.rows("translations.txt", &["translation"], |row, _| {
            let old = row.get("trans_id");
            if !old.is_empty() {
                return add(row.get("lang"), ["", "", "value", old], row);
            }
            let (table, field) = (row.get("table_name"), row.get("field_name"));
            let (record, value) = (row.get("record_id"), row.get("field_value"));
            if record.is_empty() {
                add(row.get("language"), [table, field, "value", value], row);
            } else {
                add(row.get("language"), [table, field, "record", record], row);
            }
        });
        names
    }

    fn find(&self, language: Language, table: &str, field: &str, record: &str, value: &str) -> Option<&str> {
        let keys = [[table, field, "record", record], [table, field, "value", value], ["", "", "value", value]];
        keys.into_iter().find_map(|parts| self.found.get(&(language, key(parts)))).map(String::as_str)
    }

    /// A field in both languages: where there is no translation, as it stands.
    pub(super) fn text(&self, table: &str, field: &str, record: &str, value: &str) -> Text {
        let name = |language| self.find(language, table, field, record, value).unwrap_or(value).trim();
        Text::new(name(Language::Japanese), name(Language::English))
    }

    /// How a name is read, in kana.
    pub(super) fn reading(&self, table: &str, field: &str, record: &str, value: &str) -> Option<String> {
        self.find(Language::Reading, table, field, record, value).map(|reading| reading.trim().to_owned())
    }
}
