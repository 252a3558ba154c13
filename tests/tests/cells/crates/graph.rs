//! All crates of a session are one graph: what is added later goes together with what is there.

use std::fs;
use std::process::Output;

use serde_json::json;

use super::folder::Crates;
use crate::support::{Session, code_cell, run_notebook};

/// A crate with a static, and one that uses it.
fn pot_and_bee() -> Crates {
    let crates = Crates::new();
    let pot = "use std::sync::atomic::{AtomicU32, Ordering};\n#[derive(Debug)] pub struct Pot(pub u8);\n\
               pub static POTS: AtomicU32 = AtomicU32::new(0);\n\
               #[inline] pub fn pot() -> Pot { Pot(POTS.fetch_add(1, Ordering::Relaxed) as u8) }";
    crates.package("pot", pot);
    crates.package("bee", "pub fn fill() -> pot::Pot { pot::pot() }");
    let manifest = "[package]\nname = \"bee\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
                    [dependencies]\npot = { path = \"../pot\" }\n";
    crates.write("bee", "Cargo.toml", manifest);
    crates
}

#[test]
fn what_comes_to_a_crate_leaves_it_as_it_is() {
    let crates = pot_and_bee();
    let mut session = crates.session();
    session.run(":dep ./pot\nlet mine = pot::pot();").ok();
    let cell = session.run(":dep ./bee").ok();
    assert!(!cell.stderr.contains("there is another build"), "{cell:?}");
    session
        .run("let all: Vec<pot::Pot> = vec![mine, bee::fill(), pot::pot()]; all")
        .gives("[Pot(0), Pot(1), Pot(2)]");
    let cell = session.run(":deps").ok();
    assert!(cell.stdout.contains("pot 0.3.0  came with pot"), "{cell:?}");
    assert!(cell.stdout.contains("bee 0.1.0  came with bee"), "{cell:?}");
}

#[test]
fn a_crate_that_came_with_another_is_the_same_by_its_own_name() {
    let crates = pot_and_bee();
    let mut session = crates.session();
    session.run(":dep ./bee\nlet first = bee::fill();").ok();
    session.run(":dep ./pot\npot::pot()").gives("Pot(1)");
    session
        .run("vec![first, bee::fill(), pot::pot()]")
        .gives("[Pot(0), Pot(2), Pot(3)]");
}

#[test]
fn what_the_runtime_uses_is_its_own() {
    let crates = Crates::new();
    crates.package(
        "hive",
        "pub fn total(n: &[u32]) -> u32 { use rayon::prelude::*; n.par_iter().sum() }",
    );
    let manifest = "[package]\nname = \"hive\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nrayon = \"1\"\n";
    crates.write("hive", "Cargo.toml", manifest);
    let mut session = crates.session();
    let cell = session.run(":dep ./hive\nhive::total(&[1, 2])").ok();
    assert_eq!(cell.result.as_deref(), Some("3"));
    assert!(cell.stderr.contains("(1 crate built"), "{cell:?}");
    let cell = session.run(":deps").ok();
    assert!(
        cell.stdout
            .lines()
            .any(|line| line.starts_with("rayon 1.") && line.contains("in the runtime")),
        "{cell:?}"
    );
}

#[test]
fn a_build_that_cannot_be_shared_is_told() {
    let crates = Crates::new();
    crates.package("tea", "#[derive(Debug)] pub struct Tea(pub bool);\npub fn tea() -> Tea { Tea(cfg!(feature = \"milk\")) }");
    let manifest = "[package]\nname = \"tea\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[features]\nmilk = []\n";
    crates.write("tea", "Cargo.toml", manifest);
    let mut session = crates.session();
    session
        .run(":dep ./tea\nlet black = tea::tea();\nlet n = 3;")
        .ok();
    let cell = session
        .run(":dep tea = { path = \"tea\", features = [\"milk\"] }\n(tea::tea(), n)")
        .ok();
    assert_eq!(cell.result.as_deref(), Some("(Tea(true), 3)"));
    for part in ["`tea`: there is another build by now", "`black` ended"] {
        assert!(cell.stderr.contains(part), "{cell:?}");
    }
    // What was asked for once stays.
    session.run(":dep ./tea\ntea::tea()").gives("Tea(true)");
}

#[test]
fn another_crate_takes_the_place_of_one() {
    let crates = Crates::new();
    let manifest = "[package]\nname = \"eats\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nfastrand = \"2\"\n";
    crates.package(
        "eats",
        "pub fn eat() -> String { fastrand::u8(7..8).to_string() }",
    );
    crates.write("eats", "Cargo.toml", manifest);
    let fastrand = |said: &str| {
        let code = format!("pub fn u8(_: std::ops::Range<u8>) -> &'static str {{ {said:?} }}");
        crates.package("fastrand", &code);
        let manifest = "[package]\nname = \"fastrand\"\nversion = \"2.99.0\"\nedition = \"2024\"\n";
        crates.write("fastrand", "Cargo.toml", manifest);
    };
    fastrand("seven");
    let mut session = crates.session();
    session.run(":dep ./eats\neats::eat()").gives("\"7\"");
    session
        .run(":patch fastrand = { path = \"nowhere\" }")
        .fails_with(&["nowhere"]);
    session
        .run(":patch fastrand = { path = \"fastrand\" }\neats::eat()")
        .gives("\"seven\"");
    fastrand("sieben");
    session.run("eats::eat()").gives("\"sieben\"");
    session
        .run(":patch fastrand")
        .fails_with(&["`:patch` takes a crate and what takes its place"]);
    // The folder's own settings say the same to the next session.
    let config = "[patch.crates-io]\nfastrand = { path = \"fastrand\" }\n[build]\nrustc-wrapper = \"/planted\"\n";
    crates.write(".cargo", "config.toml", config);
    let mut next = crates.session();
    next.run(":dep ./eats\neats::eat()").gives("\"sieben\"");
}

#[test]
fn libraries_in_c_are_there_for_cells() {
    let crates = Crates::new();
    let code = "unsafe extern \"C\" { fn honey_static() -> i32; fn honey_shared() -> i32; }\n\
                #[inline(always)] pub fn both() -> i32 { unsafe { honey_static() + honey_shared() } }\n\
                pub fn generic<T>(_: T) -> i32 { unsafe { honey_static() } }";
    crates.package("honey-sys", code);
    let build = r#"use std::{env, fs, process::Command};
fn main() {
    let out = env::var("OUT_DIR").unwrap();
    let run = |program: &str, arguments: &[&str]| {
        assert!(Command::new(program).args(arguments).current_dir(&out).status().unwrap().success());
    };
    fs::write(format!("{out}/a.c"), "int honey_static(void) { return 40; }").unwrap();
    fs::write(format!("{out}/b.c"), "int honey_shared(void) { return 2; }").unwrap();
    run("cc", &["-c", "-fPIC", "a.c", "-o", "a.o"]);
    run("ar", &["crs", "libhoneya.a", "a.o"]);
    run("cc", &["-shared", "-fPIC", "b.c", "-o", "libhoneyb.so"]);
    println!("cargo:rustc-link-search=native={out}");
    println!("cargo:rustc-link-lib=static=honeya");
    println!("cargo:rustc-link-lib=dylib=honeyb");
}"#;
    crates.write("honey-sys", "build.rs", build);
    let mut session = crates.session();
    session
        .run(":dep ./honey-sys\nhoney_sys::both()")
        .gives("42");
    session.run("honey_sys::generic(\"x\")").gives("40");
    session.run("1 + 1").gives("2");
}

#[test]
fn a_program_is_no_library() {
    let crates = Crates::new();
    crates.write(
        "prog",
        "Cargo.toml",
        "[package]\nname = \"prog\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    );
    crates.write("prog", "src/main.rs", "fn main() {}");
    let mut session = crates.session();
    session
        .run(":dep ./prog")
        .fails_with(&["`prog` is a program, not a library"]);
    session.run("1").gives("1");
}

#[test]
fn cells_run_within_the_tokio_that_another_crate_brings() {
    let crates = Crates::new();
    let manifest = "[package]\nname = \"swarm\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
                    [dependencies]\ntokio = { version = \"1\", features = [\"rt\"] }\n";
    crates.package(
        "swarm",
        "pub async fn fly() -> u8 { tokio::spawn(async { 7 }).await.unwrap() }",
    );
    crates.write("swarm", "Cargo.toml", manifest);
    let mut session = crates.session();
    session.run(":dep ./swarm\nswarm::fly().await").gives("7");
}

#[test]
fn types_of_crates_go_to_the_workers_of_a_pool() {
    let mut session = Session::start();
    session
        .run("use woozle::multiprocessing::Pool;\nlet early = Pool::new(2)?;\nlet one = early.map(|n: u8| n + 1, [1])?;")
        .ok();
    let lines = ":dep indexmap = { version = \"2\", features = [\"serde\"] }\n:dep smallvec = { version = \"1\", features = [\"serde\"] }";
    session.run(lines).ok();
    session
        .run(
            "use indexmap::IndexMap;\nuse smallvec::SmallVec;\n\
             #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]\n\
             struct Jar { by_name: IndexMap<String, u8>, sizes: SmallVec<[u8; 4]> }\n\
             fn turned(map: IndexMap<String, u8>) -> IndexMap<String, u8> { map.into_iter().rev().collect() }\n\
             fn more(mut jar: Jar) -> Jar { jar.by_name = turned(jar.by_name); jar.sizes.push(3); jar }\n\
             let map = IndexMap::from([(\"b\".to_owned(), 1), (\"a\".to_owned(), 2)]);\n\
             let jar = Jar { by_name: map.clone(), sizes: SmallVec::from_slice(&[1, 2]) };",
        )
        .ok();
    for pool in ["early", "Pool::new(2)?"] {
        session
            .run(&format!("{pool}.map(turned, [map.clone()])?"))
            .gives("[{\"a\": 2, \"b\": 1}]");
        session
            .run(&format!("{pool}.map(more, [jar.clone()])?"))
            .gives("[Jar { by_name: {\"a\": 2, \"b\": 1}, sizes: [1, 2, 3] }]");
    }
    session
        .run("(one, early.map(|n: u8| n + 1, [2])?)")
        .gives("([2], [3])");
}

#[test]
fn statics_of_a_crate_are_one_by_every_way() {
    let mut session = Session::start();
    // Behind a function, a macro that is expanded in the cell, and a generic function; and the logger of another step.
    session
        .run(":dep log = \"0.4\"\nlog::set_max_level(log::LevelFilter::Debug);")
        .ok();
    session
        .run(
            "struct Ear;\nimpl log::Log for Ear {\n    fn enabled(&self, _: &log::Metadata<'_>) -> bool { true }\n    \
             fn log(&self, record: &log::Record<'_>) { println!(\"{}\", record.args()) }\n    fn flush(&self) {}\n}\n\
             log::set_logger(&Ear)?;",
        )
        .ok();
    session
        .run("log::debug!(\"heard\");\nlog::trace!(\"not heard\");\n(log::max_level(), log::log_enabled!(log::Level::Debug));")
        .prints("heard\n");
    // Thread locals that are seen through generic and inlined functions, from the cell and from a crate of another step.
    session.run(":dep tracing = \"0.1\"").ok();
    // It asks for more than that one does, which is there.
    let cell = session
        .run(":dep tracing-core = \"0.1\"\nuse tracing_core::dispatcher::{self, Dispatch};\nuse std::sync::atomic::{AtomicU32, Ordering::Relaxed};\nstatic SEEN: AtomicU32 = AtomicU32::new(0);")
        .ok();
    assert!(!cell.stderr.contains("another build by now"), "{cell:?}");
    session
        .run(
            "struct Count;\nimpl tracing_core::Subscriber for Count {\n    fn enabled(&self, _: &tracing_core::Metadata<'_>) -> bool { true }\n    \
             fn new_span(&self, _: &tracing_core::span::Attributes<'_>) -> tracing_core::span::Id { tracing_core::span::Id::from_u64(1) }\n    \
             fn record(&self, _: &tracing_core::span::Id, _: &tracing_core::span::Record<'_>) {}\n    \
             fn record_follows_from(&self, _: &tracing_core::span::Id, _: &tracing_core::span::Id) {}\n    \
             fn event(&self, _: &tracing_core::Event<'_>) { SEEN.fetch_add(1, Relaxed); }\n    \
             fn enter(&self, _: &tracing_core::span::Id) {}\n    fn exit(&self, _: &tracing_core::span::Id) {}\n}\n\
             let here = dispatcher::set_default(&Dispatch::new(Count));",
        )
        .ok();
    session
        .run("tracing::info!(\"one\");\ntracing::info_span!(\"x\").in_scope(|| tracing::warn!(\"two\"));\nSEEN.load(Relaxed)")
        .gives("2");
    session
        .run("(dispatcher::get_default(|dispatch| dispatch.is::<Count>()), tracing::dispatcher::has_been_set())")
        .gives("(true, true)");
}

/// Runs a notebook of two cells in a folder.
fn run(crates: &Crates, last: &str, arguments: &[&str]) -> Output {
    let cells = [
        code_cell("dep", ":dep itoa = \"1\""),
        code_cell("last", last),
    ];
    let notebook = json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells });
    let folder = crates.0.path();
    fs::write(folder.join("locked.ipynb"), notebook.to_string()).expect("written");
    run_notebook(folder, &[arguments, &["locked.ipynb"]].concat())
}

#[test]
fn a_locked_run_takes_the_versions_that_are_written_down() {
    let crates = Crates::new();
    let use_it = "itoa::Buffer::new().format(5).to_owned()";
    let told = |output: &Output| {
        format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    };
    let output = run(&crates, use_it, &["--locked"]);
    assert!(
        !output.status.success() && told(&output).contains("there is no `woozle.lock`"),
        "{output:?}"
    );
    let output = run(&crates, ":deps lock", &[]);
    assert!(output.status.success(), "{output:?}");
    let file = crates.0.path().join("woozle.lock");
    let lock = fs::read_to_string(&file).expect("written");
    assert!(lock.contains("name = \"itoa\""), "{lock}");
    let output = run(&crates, use_it, &["--locked"]);
    assert!(output.status.success(), "{output:?}");
    fs::write(&file, lock.replace("name = \"itoa\"", "name = \"other\"")).expect("written");
    let output = run(&crates, use_it, &["--locked"]);
    assert!(
        !output.status.success() && told(&output).contains("`itoa` 1."),
        "{output:?}"
    );
    fs::write(&file, "<<<<<<< HEAD").expect("written");
    let output = run(&crates, use_it, &[]);
    assert!(
        !output.status.success() && told(&output).contains("woozle.lock cannot be used"),
        "{output:?}"
    );
}
