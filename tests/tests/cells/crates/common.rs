//! Crates that notebooks often add: none of them has a crate of the runtime built a second time, and in the order in which
//! notebooks add them none moves another one.
//!
//! By hand and weekly (`tests/run crates`): they are built, which takes minutes.

use std::time::{Duration, Instant};

use crate::support::Session;

/// Lines as notebooks have them. Heavy ones are left out, of which many more packages than these come along: polars, bevy,
/// burn, candle, sqlx.
const LINES: [&str; 112] = [
    "serde_json = \"1\"",
    "serde = { version = \"1\", features = [\"derive\"] }",
    "serde = { version = \"1.0\", features = [\"derive\", \"rc\"] }",
    "csv = \"1\"",
    "anyhow = \"1\"",
    "thiserror = \"2\"",
    "thiserror = \"1\"",
    "itertools = \"0.14\"",
    "regex = \"1\"",
    "rand = \"0.10\"",
    "rand = \"0.9\"",
    "rand = \"0.8\"",
    "rand_distr = \"0.6\"",
    "rand_chacha = \"0.10\"",
    "tokio = { version = \"1\", features = [\"full\"] }",
    "tokio = { version = \"1\", features = [\"rt\", \"macros\", \"sync\", \"time\"] }",
    "tokio-stream = \"0.1\"",
    "tokio-util = { version = \"0.7\", features = [\"full\"] }",
    "futures = \"0.3\"",
    "async-trait = \"0.1\"",
    "async-channel = \"2\"",
    "async-stream = \"0.3\"",
    "smol = \"2\"",
    "log = \"0.4\"",
    "env_logger = \"0.11\"",
    "simple_logger = \"5\"",
    "tracing = \"0.1\"",
    "tracing-subscriber = { version = \"0.3\", features = [\"env-filter\"] }",
    "chrono = { version = \"0.4\", features = [\"serde\"] }",
    "time = { version = \"0.3\", features = [\"formatting\", \"macros\"] }",
    "uuid = { version = \"1\", features = [\"v4\", \"serde\"] }",
    "crossbeam = \"0.8\"",
    "crossbeam-channel = \"0.5\"",
    "flume = \"0.11\"",
    "dashmap = \"6\"",
    "arc-swap = \"1\"",
    "parking_lot = \"0.12\"",
    "once_cell = \"1\"",
    "lazy_static = \"1\"",
    "num = \"0.4\"",
    "num-traits = \"0.2\"",
    "num-bigint = { version = \"0.4\", features = [\"rand\"] }",
    "num-complex = \"0.4\"",
    "num_cpus = \"1\"",
    "ordered-float = \"5\"",
    "approx = \"0.5\"",
    "nalgebra = \"0.34\"",
    "ndarray = \"0.17\"",
    "ndarray = \"0.16\"",
    "ndarray = { version = \"0.17\", features = [\"rayon\", \"serde\", \"approx\"] }",
    "ndarray-rand = \"0.16\"",
    "ndarray-stats = \"0.7\"",
    "rayon = \"1\"",
    "indicatif = \"0.18\"",
    "indicatif = { version = \"0.18\", features = [\"rayon\"] }",
    "plotters = { version = \"0.3\", default-features = false, features = [\"evcxr\", \"all_series\"] }",
    "statrs = \"0.18\"",
    "image = { version = \"0.25\", default-features = false, features = [\"png\", \"jpeg\"] }",
    "clap = { version = \"4\", features = [\"derive\"] }",
    "url = \"2\"",
    "base64 = \"0.22\"",
    "hex = \"0.4\"",
    "sha2 = \"0.10\"",
    "sha2 = \"0.11\"",
    "bytes = \"1\"",
    "indexmap = { version = \"2\", features = [\"serde\"] }",
    "hashbrown = \"0.16\"",
    "smallvec = \"1\"",
    "smallvec = { version = \"1\", features = [\"serde\"] }",
    "either = \"1\"",
    "bitflags = \"2\"",
    "memmap2 = \"0.9\"",
    "libc = \"0.2\"",
    "nix = { version = \"0.30\", features = [\"process\", \"signal\"] }",
    "rustix = { version = \"1\", features = [\"process\"] }",
    "tempfile = \"3\"",
    "walkdir = \"2\"",
    "glob = \"0.3\"",
    "petgraph = \"0.8\"",
    "colored = \"3\"",
    "comfy-table = \"7\"",
    "prettytable-rs = \"0.10\"",
    "bincode = \"1\"",
    "postcard = { version = \"1\", default-features = false, features = [\"use-std\"] }",
    "toml = \"0.9\"",
    "serde_yaml = \"0.9\"",
    "quick-xml = { version = \"0.38\", features = [\"serialize\"] }",
    "strum = { version = \"0.27\", features = [\"derive\"] }",
    "derive_more = { version = \"2\", features = [\"full\"] }",
    "nom = \"8\"",
    "syn = { version = \"2\", features = [\"full\"] }",
    "quote = \"1\"",
    "proc-macro2 = \"1\"",
    "proptest = \"1\"",
    "quickcheck = \"1\"",
    "ahash = \"0.8\"",
    "rustc-hash = \"2\"",
    "fastrand = \"2\"",
    "getrandom = \"0.3\"",
    "textwrap = \"0.16\"",
    "unicode-segmentation = \"1\"",
    "unicode-width = \"0.2\"",
    "bytemuck = { version = \"1\", features = [\"derive\"] }",
    "zerocopy = { version = \"0.8\", features = [\"derive\"] }",
    "half = \"2\"",
    "flate2 = \"1\"",
    "png = \"0.18\"",
    "rustfft = \"6\"",
    "sysinfo = \"0.37\"",
    "backtrace = \"0.3\"",
    "libloading = \"0.8\"",
    "miniserde = \"0.1\"",
];

/// Lines that one notebook adds in several cells.
const ORDERS: [&[&str]; 9] = [
    &[
        "tokio = { version = \"1\", features = [\"full\"] }",
        "axum = \"0.8\"",
        "tower = \"0.5\"",
    ],
    &[
        "async-stream = \"0.3\"",
        "futures = \"0.3\"",
        "tokio-stream = \"0.1\"",
        "flume = \"0.11\"",
        "once_cell = \"1\"",
    ],
    &[
        "tracing-subscriber = \"0.3\"",
        "once_cell = \"1\"",
        "tracing = \"0.1\"",
    ],
    &[
        "log = \"0.4\"",
        "simple_logger = \"5\"",
        "env_logger = \"0.11\"",
    ],
    &[
        "tokio = { version = \"1\", features = [\"rt\"] }",
        "tokio-stream = \"0.1\"",
        "tokio-util = \"0.7\"",
        "futures = \"0.3\"",
        "reqwest = { version = \"0.12\", default-features = false, features = [\"json\"] }",
    ],
    &[
        "rand_distr = \"0.6\"",
        "ndarray-rand = \"0.16\"",
        "statrs = \"0.18\"",
        "nalgebra = \"0.34\"",
    ],
    &[
        "serde_json = \"1\"",
        "serde = { version = \"1\", features = [\"derive\"] }",
        "chrono = { version = \"0.4\", features = [\"serde\"] }",
        "uuid = { version = \"1\", features = [\"v4\", \"serde\"] }",
        "toml = \"0.9\"",
    ],
    &[
        "tracing = \"0.1\"",
        "tracing-subscriber = \"0.3\"",
        "log = \"0.4\"",
    ],
    &[
        "anyhow = \"1\"",
        "thiserror = \"2\"",
        "regex = \"1\"",
        "itertools = \"0.14\"",
        "csv = \"1\"",
        "rayon = \"1\"",
        "crossbeam = \"0.8\"",
    ],
];

/// For one line, on a machine that has other things to do.
const LIMIT: Duration = Duration::from_secs(600);

/// What is said of a crate that is there a second time.
const MOVED: &str = "there is another build by now";

/// Adds crates, and says what is wrong: that they could not be built, or that one is there a second time.
fn add(session: &mut Session, line: &str) -> Option<String> {
    let begun = Instant::now();
    let request = session.send_headless(&format!(":dep {line}"));
    let cell = session.finish_within(LIMIT, &request);
    println!("{line}: {:.1} s", begun.elapsed().as_secs_f64());
    if !cell.is_ok() {
        return Some(format!("{line}: {}", cell.fails()));
    }
    let moved = cell.stderr.lines().find(|said| said.contains(MOVED))?;
    Some(format!("{line}: {moved}"))
}

#[test]
#[ignore = "builds many crates; tests/run crates"]
fn common_crates_use_the_runtimes() {
    let moved = LINES.map(|line| add(&mut Session::start(), line));
    let moved: Vec<_> = moved.into_iter().flatten().collect();
    assert!(moved.is_empty(), "{moved:#?}");
}

#[test]
#[ignore = "builds many crates; tests/run crates"]
fn common_crates_come_in_any_order() {
    let mut moved = Vec::new();
    for lines in ORDERS {
        let mut session = Session::start();
        moved.extend(lines.iter().filter_map(|line| add(&mut session, line)));
    }
    assert!(moved.is_empty(), "{moved:#?}");
}
