//! What can be said of a file before it is read.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::{invalid, rust};
use crate::files::{self, FileKind};
use crate::scenario::Problem;

/// Throws a `ScenarioError` that names the file where it has too many bytes for what it is chosen as: ask before reading it.
#[wasm_bindgen]
pub fn check_file_size(kind: Ts<FileKind>, file_name: &str, bytes: f64) -> Result<(), JsValue> {
    match files::too_large(rust(&kind)?, bytes as u64) {
        None => Ok(()),
        Some(message) => Err(invalid(&[Problem { path: file_name.to_owned(), message }])),
    }
}
