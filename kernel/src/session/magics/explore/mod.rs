//! `%%explore`: a cell under every schedule.
//!
//! The cell becomes a program of its own, compiled against a library that stands in std's place (the package in `explore/`,
//! whose `README.md` has the idea). It runs apart from the session, and writes a report.
//!
//! | part | module |
//! |---|---|
//! | what is on the line of the magic | [`options`] |
//! | the library: sources in this program, built once into the cache | [`package`] |
//! | values of earlier variables | [`values`] |
//! | running the program | [`process`] |
//! | what it reports | [`report`] |
//! | the failing schedule, step by step | [`schedule`], with [`names`] for what threads share |
//! | how that is shown | [`text`], [`html`] |
//!
//! The program's source is written by [`compiler::driver`](crate::compiler::driver).

pub(crate) mod html;
mod names;
pub(crate) mod options;
pub(crate) mod package;
pub(crate) mod process;
pub(crate) mod report;
pub(crate) mod schedule;
pub(crate) mod text;
pub(crate) mod values;
