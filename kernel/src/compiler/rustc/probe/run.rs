//! Compiling the sources of the probe.

#![expect(
    clippy::disallowed_methods,
    reason = "rustc, which ends with the kernel"
)]

use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::clause::{Clause, Evidence, Source};
use super::sources::SOURCES;
use super::verdict::Verdict;
use crate::build::cache;
use crate::system::{lease, private};

/// How many of them are compiled at once.
const WORKERS: usize = 2;

/// Asks a rustc for all that is relied on. This takes about a second.
///
/// # Errors
/// When it cannot be run, so that nothing is known.
pub fn probe(rustc: &Path, release: &str) -> io::Result<Verdict> {
    let next = AtomicUsize::new(0);
    let work = || -> io::Result<Vec<(usize, Vec<String>)>> {
        let mut broken = Vec::new();
        while let Some((n, source)) = take(&next) {
            let evidence = compile(rustc, source)?;
            broken.push((n, broken_clauses(source, &evidence)));
        }
        Ok(broken)
    };
    let found: io::Result<Vec<_>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        let results = workers.into_iter().map(|worker| match worker.join() {
            Ok(result) => result,
            Err(_) => Err(io::Error::other("the probe has panicked")),
        });
        results.collect()
    });
    let mut found: Vec<_> = found?.into_iter().flatten().collect();
    found.sort();
    Ok(Verdict {
        release: release.to_owned(),
        broken: found.into_iter().flat_map(|(_, broken)| broken).collect(),
    })
}

/// The name of what is asked: another one as soon as it changes.
pub fn key() -> String {
    let files = SOURCES.iter().flat_map(|source| source.files);
    let texts = files.map(|(_, text)| (*text).to_owned());
    let clauses = SOURCES.iter().flat_map(|source| source.clauses);
    let parts: Vec<String> = texts.chain(clauses.map(Clause::name)).collect();
    cache::key(parts.iter().map(String::as_str))
}

fn take(next: &AtomicUsize) -> Option<(usize, &'static Source)> {
    let n = next.fetch_add(1, Ordering::Relaxed);
    Some((n, SOURCES.get(n)?))
}

fn broken_clauses(source: &Source, evidence: &Evidence) -> Vec<String> {
    let broken = source
        .clauses
        .iter()
        .filter(|clause| !clause.holds(evidence));
    broken.map(Clause::name).collect()
}

fn compile(rustc: &Path, source: &Source) -> io::Result<Evidence> {
    let folder = private::temporary("woozle-", &std::env::temp_dir())?;
    for (name, text) in source.files {
        std::fs::write(folder.path().join(name), text)?;
    }
    let mut command = Command::new(rustc);
    command.current_dir(folder.path()).args([
        "lib.rs",
        "--edition=2024",
        source.crate_type,
        "--error-format=json",
        "--json=artifacts",
        "-Cprefer-dynamic",
        "-Aunused",
        "-Wunused_must_use",
    ]);
    let output = lease::run(command.arg(format!("--emit={}", source.emit)))?;
    let mut evidence = Evidence::default();
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        evidence.has_object |= evidence.compiled.read_line(line);
    }
    // Where it is not written, nothing is found in it.
    evidence.mir = std::fs::read_to_string(folder.path().join("cell.mir")).unwrap_or_default();
    Ok(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::toolchain::Toolchain;
    use crate::compiler::rustc::contract::{code, phrase};

    /// With the rustc that `RUSTC` names, if it names one.
    #[test]
    fn the_rustc_that_is_installed_keeps_the_contract() {
        let toolchain = Toolchain::find().expect("a toolchain");
        let verdict = probe(&toolchain.rustc, &toolchain.release).expect("rustc runs");
        assert_eq!(verdict.broken, [""; 0], "{}", toolchain.version);
    }

    /// What is said to be broken where a line of rustc's is changed.
    fn broken_by(is_meant: fn(&Source) -> bool, old: &str, new: &str) -> Vec<String> {
        let source = SOURCES
            .iter()
            .find(|source| is_meant(source))
            .expect("a source");
        let toolchain = Toolchain::find().expect("a toolchain");
        let mut evidence = compile(&toolchain.rustc, source).expect("rustc runs");
        assert!(broken_clauses(source, &evidence).is_empty());
        for message in &mut evidence.compiled.messages {
            message.message = message.message.replace(old, new);
            if let Some(code) = message.code.as_mut().filter(|code| code.code == old) {
                code.code = new.to_owned();
            }
        }
        evidence.mir = evidence.mir.replace(old, new);
        broken_clauses(source, &evidence)
    }

    #[test]
    fn what_is_broken_is_named() {
        let borrows: fn(&Source) -> bool = |source| source.files[0].1.contains("e0381");
        assert_eq!(
            broken_by(borrows, phrase::LIFETIME, "a lifetime ends early"),
            ["an error on a lifetime"]
        );
        assert_eq!(
            broken_by(borrows, code::USED_AFTER_MOVE, "E0999"),
            [format!("the error {}", code::USED_AFTER_MOVE)]
        );
        let mir: fn(&Source) -> bool = |source| source.emit.contains("mir");
        assert_eq!(
            broken_by(
                mir,
                "keep_variable::<Vec<i32>, 0>",
                "keep_variable::<[i32], 0>"
            ),
            ["types in the MIR"]
        );
    }
}
