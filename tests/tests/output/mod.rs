//! What a cell prints and shows, where that goes, and how errors look.

mod display;
mod errors;
mod headless;
mod late;
mod reports;
mod streams;
