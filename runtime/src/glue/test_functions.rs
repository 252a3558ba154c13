//! The `#[test]` functions of a cell: run at its end, and told as by `cargo test`.

use std::any::Any;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::glue::failure::{Failure, Result};
use crate::process::interrupt;
use crate::process::panics::{hook, payload};

/// A test function.
pub struct Test {
    /// Its path.
    pub name: &'static str,
    /// Whether it is not to be run, and why.
    pub ignored: Option<&'static str>,
    /// Whether it is to panic, and with what in its message.
    pub panics: Option<&'static str>,
    /// Runs it.
    pub run: fn() -> std::result::Result<(), String>,
}

/// What a test function may return.
#[diagnostic::on_unimplemented(message = "a test returns `()` or a `Result<(), _>`, not `{Self}`")]
pub trait Tested {
    /// Why the test has failed, if so.
    ///
    /// # Errors
    /// When it has.
    fn tested(self) -> std::result::Result<(), String>;
}

impl Tested for () {
    fn tested(self) -> std::result::Result<(), String> {
        Ok(())
    }
}

impl<T: Tested, E: Debug> Tested for std::result::Result<T, E> {
    fn tested(self) -> std::result::Result<(), String> {
        match self {
            Ok(value) => value.tested(),
            Err(error) => Err(format!("Error: {error:?}")),
        }
    }
}

/// What a test function has returned.
///
/// # Errors
/// When the test has failed.
pub fn tested(result: impl Tested) -> std::result::Result<(), String> {
    result.tested()
}

/// Runs tests.
///
/// # Errors
/// When one of them fails.
pub fn run_tests(tests: &[Test]) -> Result {
    let s = if tests.len() == 1 { "" } else { "s" };
    crate::println!("running {} test{s}", tests.len());
    let mut failed = Vec::new();
    let mut ignored = 0;
    for test in tests {
        let verdict = if let Some(why) = test.ignored {
            ignored += 1;
            match why {
                "" => "ignored".to_owned(),
                why => format!("ignored, {why}"),
            }
        } else if let Err(why) = run(test) {
            failed.push(test.name);
            if !why.is_empty() {
                crate::eprintln!("{why}");
            }
            "FAILED".to_owned()
        } else {
            "ok".to_owned()
        };
        let mark = test.panics.map_or("", |_| " - should panic");
        crate::println!("test {}{mark} ... {verdict}", test.name);
    }
    let passed = tests.len() - failed.len() - ignored;
    let result = if failed.is_empty() { "ok" } else { "FAILED" };
    crate::println!(
        "test result: {result}. {passed} passed; {} failed; {ignored} ignored",
        failed.len()
    );
    if failed.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = failed.iter().map(|name| format!("`{name}`")).collect();
    let message = format!(
        "{} of {} failed: {}",
        failed.len(),
        tests.len(),
        names.join(", ")
    );
    Err(Failure::new("test", message))
}

/// Why a test has failed; nothing if its panic says it.
fn run(test: &Test) -> std::result::Result<(), String> {
    let ran = catch_unwind(AssertUnwindSafe(test.run));
    match (ran, test.panics) {
        (Ok(result), None) => result,
        (Ok(_), Some(_)) => Err("note: test did not panic as expected".to_owned()),
        (Err(panic), wanted) => {
            if interrupt::outcome(&*panic).is_some() {
                std::panic::resume_unwind(panic);
            }
            match wanted {
                None => {
                    hook::release_held();
                    Err(String::new())
                }
                Some(wanted) => {
                    hook::caught(&*panic);
                    panics_with(wanted, &*panic)
                }
            }
        }
    }
}

/// Whether a panic is the one that is wanted.
fn panics_with(wanted: &str, panic: &(dyn Any + Send)) -> std::result::Result<(), String> {
    let said = payload::text_as_std(panic);
    if said.contains(wanted) {
        return Ok(());
    }
    Err(format!(
        "note: panic did not contain expected string\n      panic message: `{said:?}`,\n expected substring: `{wanted:?}`"
    ))
}
