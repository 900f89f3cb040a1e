//! Reading other people's tables: what every CSV file needs before its columns mean anything.
//!
//! The text may be UTF-8, with or without a byte order mark, or Shift_JIS as Excel writes it (code page 932); lines end as
//! they like. Nothing is thrown away in silence: what cannot be read is a problem with its line in the file.

pub(crate) mod moment;
pub(crate) mod named;

use std::borrow::Cow;

use csv::{Reader, ReaderBuilder, StringRecord};
use encoding_rs::{SHIFT_JIS, UTF_8};
use serde::{Deserialize, Serialize};

use crate::scenario::Text;

/// Problems kept; whoever has a thousand has one, a thousand times.
const MAX_PROBLEMS: usize = 1_000;

/// How a text file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Encoding {
    /// Unicode.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Japanese Windows, code page 932.
    #[serde(rename = "shift_jis")]
    ShiftJis,
}

/// Something wrong with a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct RowProblem {
    /// Line of the file on which the row begins; the first is 1.
    pub line: u32,
    /// Name of the column, if it is one field's problem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub column: Option<String>,
    /// What is wrong and what to do.
    pub message: Text,
}

/// The text of a file; or why it is none.
pub(crate) fn decode(file: &[u8]) -> Result<(Cow<'_, str>, Encoding), Text> {
    if file.starts_with(b"PK\x03\x04") || file.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(Text::new(
            "Excel のブックなど、CSV ではないファイルです。Excel の「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」を選んで保存してください。",
            "this is a workbook or an archive, not CSV: save it from Excel as \"CSV UTF-8 (comma delimited)\"",
        ));
    }
    if file.starts_with(&[0xff, 0xfe]) || file.starts_with(&[0xfe, 0xff]) || file.contains(&0) {
        return Err(Text::new(
            "文字として読めないデータ（UTF-16 またはバイナリ）です。UTF-8 か Shift_JIS の CSV で保存してください。",
            "this is UTF-16 or not text at all: save it as CSV in UTF-8 or Shift_JIS",
        ));
    }
    let (utf_8, broken) = UTF_8.decode_with_bom_removal(file);
    if !broken {
        return Ok((utf_8, Encoding::Utf8));
    }
    let (shift_jis, broken) = SHIFT_JIS.decode_without_bom_handling(file);
    // A file with a few damaged bytes fits neither; the rows that the damage touches will say so.
    let damage = |text: &str| text.matches(char::REPLACEMENT_CHARACTER).count();
    if broken && damage(&utf_8) <= damage(&shift_jis) {
        return Ok((utf_8, Encoding::Utf8));
    }
    Ok((shift_jis, Encoding::ShiftJis))
}

/// The problems found so far; those beyond the limit are counted.
#[derive(Default)]
pub(crate) struct Problems {
    kept: Vec<RowProblem>,
    more: u32,
    /// Line of the first one that was not kept.
    more_from: u32,
}

impl Problems {
    pub(crate) fn add(&mut self, line: u32, column: Option<&str>, message: Text) {
        if self.kept.len() < MAX_PROBLEMS {
            self.kept.push(RowProblem { line, column: column.map(str::to_owned), message });
        } else {
            self.more_from = if self.more == 0 { line } else { self.more_from };
            self.more += 1;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    pub(crate) fn finish(mut self) -> Vec<RowProblem> {
        let more = self.more;
        if more > 0 {
            let message = Text::new(
                format!("この行から後に、ほかに {more} 件の問題があります。上のものから直してください。"),
                format!("{more} more problems from this line on: mend those above first"),
            );
            self.kept.push(RowProblem { line: self.more_from, column: None, message });
        }
        self.kept
    }
}

/// The records of a text that have anything in them.
pub(crate) struct Rows<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    record: StringRecord,
    /// Line of the last record, and whether a field of it has several lines.
    last: (u32, bool),
}

impl<'t> Rows<'t> {
    /// Of a text whose lines end as [`one_line_end`] leaves them.
    pub(crate) fn new(text: &'t str, delimiter: u8) -> Rows<'t> {
        let reader =
            ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
        Rows { text, reader, record: StringRecord::new(), last: (0, false) }
    }

    /// The next record and the line of the file on which it begins.
    pub(crate) fn next(&mut self) -> Option<(u32, &StringRecord)> {
        // Reading from memory, flexibly, valid UTF-8: no error is left that could end this early.
        while self.reader.read_record(&mut self.record).unwrap_or(false) {
            if self.record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            let line = line_of(&self.record, self.text);
            self.last = (line, self.record.iter().any(|field| field.contains('\n')));
            return Some((line, &self.record));
        }
        None
    }

    /// Once all records are read: the problem of a quote that is never closed and makes one field of the rest of the file.
    pub(crate) fn check_quotes(&self, problems: &mut Problems) {
        if let (line, true) = self.last
            && self.text.bytes().filter(|&byte| byte == b'"').count() % 2 == 1
        {
            problems.add(line, None, Text::new(
                "引用符（\"）が閉じられていないため、この行からファイルの終わりまでが一つの欄として読まれました。引用符を直してください。",
                "a quote (\") is never closed, so that everything from this line to the end was read as one field: close it",
            ));
        }
    }
}

/// The problem of a record with something in it beyond the header's width, if it is one.
pub(crate) fn beyond(record: &StringRecord, width: usize) -> Option<Text> {
    let extra = quoted(record.iter().skip(width).find(|field| !field.trim().is_empty())?);
    let fields = record.len();
    Some(Text::new(
        format!(
            "欄が {fields} あり、見出しの {width} より多いです（余った「{extra}」）。区切り文字を含む値は \" で囲んでください。"
        ),
        format!(
            "{fields} fields, but the header has {width} (\"{extra}\" is beyond): put values that contain a separator in quotes"
        ),
    ))
}

/// One kind of line end, so that lines are counted right whatever wrote the file.
pub(crate) fn one_line_end(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

/// The separator that the first line with anything in it uses most.
pub(crate) fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |byte: u8| header.bytes().filter(|&other| other == byte).count();
    // Of equals the last one counts.
    [b'\t', b';', b','].into_iter().max_by_key(|&byte| count(byte)).unwrap_or(b',')
}

/// The line on which a record begins: the reader's position is before the blank lines that it passed over.
fn line_of(record: &StringRecord, text: &str) -> u32 {
    let Some(position) = record.position() else { return 1 };
    let from = (position.byte() as usize).min(text.len());
    let blank = text.as_bytes()[from..].iter().take_while(|&&byte| byte == b'\n').count();
    position.line() as u32 + blank as u32
}

/// A finite number in plain decimal writing.
pub(crate) fn number(value: &str) -> Option<f64> {
    let plain = value.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    value.parse().ok().filter(|number: &f64| plain && number.is_finite())
}

/// A whole number that is not negative; `2.0`, as spreadsheets write it, is one.
pub(crate) fn whole(value: &str) -> Option<u32> {
    number(value).filter(|number| (0.0..=1e6).contains(number) && number.fract() == 0.0).map(|number| number as u32)
}

/// Full-width ASCII, as Japanese keyboards write digits and colons, made narrow.
pub(crate) fn narrow(text: &str) -> Cow<'_, str> {
    let wide = |c: char| ('\u{ff01}'..='\u{ff5e}').contains(&c);
    if !text.contains(wide) {
        return Cow::Borrowed(text);
    }
    // The two blocks lie 0xfee0 apart.
    let narrowed = |c: char| if wide(c) { char::from_u32(c as u32 - 0xfee0).unwrap_or(c) } else { c };
    Cow::Owned(text.chars().map(narrowed).collect())
}

/// A column's name without what does not matter.
pub(crate) fn normal(name: &str) -> String {
    narrow(name).trim().to_lowercase().replace([' ', '-'], "_")
}

/// A value for a message, cut where it would fill the page.
pub(crate) fn quoted(value: &str) -> Cow<'_, str> {
    const LONGEST: usize = 40;
    match value.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &value[..end])),
        None => Cow::Borrowed(value),
    }
}
