//! Woozle's processes beside CPython's `multiprocessing`, and beside loky.

mod ours;

use super::cpython;
use super::rows::{self, Side};
use crate::context::Context;
use crate::report::document::Section;

/// What the script measures, with the ratio's limit.
const MULTIPROCESSING: [(&str, &str, Side, Option<f64>); 7] = [
    (
        "start16",
        "Pool(16): first 16 results",
        ours::start_16,
        Some(0.25),
    ),
    (
        "chunk1",
        "trivial tasks, chunk 1",
        ours::chunk_of_one,
        Some(0.1),
    ),
    (
        "default",
        "trivial tasks, default chunk",
        ours::default_chunk,
        None,
    ),
    (
        "apply",
        "apply_async + get",
        ours::there_and_back,
        Some(0.2),
    ),
    ("array", "8 MB there and back", ours::array, Some(0.1)),
    (
        "shared",
        "8 MB, shared array",
        ours::shared_array,
        Some(0.005),
    ),
    ("process", "Process start + join", ours::process, None),
];

/// What loky has, too.
const LOKY: [(&str, &str, Side, Option<f64>); 4] = [
    (
        "start16",
        "Pool(16): first 16 results",
        ours::start_16,
        None,
    ),
    ("chunk1", "trivial tasks, chunk 1", ours::chunk_of_one, None),
    ("apply", "apply_async + get", ours::there_and_back, None),
    ("array", "8 MB there and back", ours::array, None),
];

pub(crate) fn measure(context: &Context) -> anyhow::Result<Section> {
    eprintln!("processes");
    let mut section = Section::new("Processes");
    section.text(
        "`woozle::multiprocessing` beside CPython's `multiprocessing` (fork), two workers unless the name says \
         otherwise. A shared array is compared with the copying that it saves.",
    );
    for (package, script, measured) in [
        (
            None,
            include_str!("multiprocessing.py"),
            &MULTIPROCESSING[..],
        ),
        (Some("loky"), include_str!("loky.py"), &LOKY[..]),
    ] {
        match cpython::compare(&context.python, package, script, measured)? {
            Ok(compared) => {
                section.text(format!("Beside {}:", package.unwrap_or("CPython")));
                rows::add(&mut section, "CPython", &compared);
            }
            Err(missing) => section.text(missing),
        }
    }
    Ok(section)
}
