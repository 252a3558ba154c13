//! What a checkpoint costs, against the memory and the threads of the session.
//!
//! The host reports how long it stood still for each copy (`Event::Checkpoint`); the kernel shows it in its log. So a
//! kernel is run with that log, with cells that allocate memory and start threads.
//!
//! `cargo bench -p woozle-tests --bench checkpoint`, with `-- --quick` only to see that it runs.

use std::process::{Command, Stdio};

use serde_json::json;

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let sizes: &[usize] = if quick { &[0, 50] } else { &[0, 50, 200, 800] };
    let threads: &[usize] = if quick { &[0, 8] } else { &[0, 8, 64, 256] };
    println!("{:>10} {:>10} {:>12}", "memory", "threads", "stands still");
    for size in sizes {
        for count in threads {
            let cost = measure(*size, *count, if quick { 3 } else { 9 });
            println!("{size:>7} MB {count:>10} {:>9.2} ms", cost as f64 / 1000.0);
        }
    }
}

/// The median of the microseconds that a session of so many megabytes and threads stands still.
fn measure(megabytes: usize, threads: usize, cells: usize) -> u64 {
    let folder = tempfile::tempdir().expect("a folder");
    let notebook = folder.path().join("a.ipynb");
    let setup = format!(
        "let memory = vec![1_u8; {megabytes} << 20];\nfor _ in 0..{threads} {{ woozle::threading::Thread::builder().daemon(true).spawn(|| loop {{ std::thread::park() }}); }}"
    );
    let sources = std::iter::once(setup).chain((0..cells).map(|n| format!("let v{n} = {n};")));
    let cells: Vec<_> = sources
        .map(|source| {
            json!({"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": null})
        })
        .collect();
    let document = json!({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells});
    std::fs::write(&notebook, document.to_string()).expect("written");
    let woozle = std::env::var("WOOZLE").unwrap_or_else(|_| build());
    let output = Command::new(woozle)
        .arg("run")
        .arg(&notebook)
        .env("WOOZLE_LOG", "woozle_kernel::session=debug")
        .stdin(Stdio::null())
        .output()
        .expect("woozle runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let mut costs: Vec<u64> = said.lines().filter_map(microseconds).collect();
    assert!(!costs.is_empty(), "no checkpoint was logged: {said}");
    costs.sort_unstable();
    costs[costs.len() / 2]
}

/// The number behind `microseconds=` in a line about a checkpoint.
fn microseconds(line: &str) -> Option<u64> {
    let plain = console::strip_ansi_codes(line);
    let (_, rest) = plain.split_once("checkpoint microseconds=")?;
    rest.split_whitespace().next()?.parse().ok()
}

/// Builds `woozle` as users have it.
fn build() -> String {
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--release",
            "--quiet",
            "--package",
            "woozle-kernel",
        ])
        .args(["--bin", "woozle", "--message-format=json"])
        .output()
        .expect("cargo runs");
    let text = String::from_utf8_lossy(&built.stdout).into_owned();
    let program = text.lines().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(message["executable"].as_str()?.to_owned())
    });
    program.expect("cargo names the program")
}
