//! Our processes beside CPython's `multiprocessing`: ratios, both sides in one run.
//!
//! `cargo bench -p woozle --bench processes`; with `-- --quick` it only shows that it runs. If python3
//! has `loky`, its side is measured, too.

#[path = "../shared/cpython.rs"]
mod cpython;
#[path = "../shared/measure.rs"]
mod measure;
mod ours;

use std::process::ExitCode;

use cpython::Side;

/// What the script measures, with the budget for the ratio.
const MULTIPROCESSING: [(&str, &str, Side); 7] = [
    (
        "start16",
        "Pool(16): first 16 results  (<= 0.25)",
        ours::start_16,
    ),
    (
        "chunk1",
        "trivial tasks, chunk 1      (<= 0.1)",
        ours::chunk_of_one,
    ),
    (
        "default",
        "trivial tasks, default chunk",
        ours::default_chunk,
    ),
    (
        "apply",
        "apply_async + get           (<= 0.2)",
        ours::there_and_back,
    ),
    ("array", "8 MB there and back         (<= 0.1)", ours::array),
    (
        "shared",
        "8 MB, shared array          (<= 0.005)",
        ours::shared_array,
    ),
    ("process", "Process start + join", ours::process),
];

/// What loky has, too.
const LOKY: [(&str, &str, Side); 4] = [
    ("start16", "Pool(16): first 16 results", ours::start_16),
    ("chunk1", "trivial tasks, chunk 1", ours::chunk_of_one),
    ("apply", "apply_async + get", ours::there_and_back),
    ("array", "8 MB there and back", ours::array),
];

fn main() -> ExitCode {
    if let Err(code) = measure::arguments() {
        return code;
    }
    let code = cpython::compare(None, include_str!("multiprocessing.py"), &MULTIPROCESSING);
    println!();
    let loky = cpython::compare(Some("loky"), include_str!("loky.py"), &LOKY);
    println!();
    if code == ExitCode::SUCCESS {
        loky
    } else {
        code
    }
}
