//! What is measured natively and in the browser alike.

pub mod days;
pub mod depot;
pub mod travel;

#[cfg(target_arch = "wasm32")]
mod browser;
