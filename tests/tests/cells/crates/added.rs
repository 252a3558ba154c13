//! Crates by `:dep`: from a folder, from crates.io, and what goes wrong.

use std::fs;
use std::process::Command;

use super::folder::Crates;
use crate::support::{Session, descendants};

#[test]
fn a_crate_in_a_folder_is_built_and_the_variables_stay() {
    let crates = Crates::new();
    crates.package(
        "honey-pot",
        "use std::sync::atomic::{AtomicU32, Ordering};\n\
         pub fn next() -> u32 {\n    static N: AtomicU32 = AtomicU32::new(1);\n    N.fetch_add(1, Ordering::Relaxed)\n}\n\
         #[derive(Debug)]\npub struct Pot(pub u8);",
    );
    let mut session = crates.session();
    session.run("let before = vec![1];").ok();
    let cell = session.run(":dep ./honey-pot\nhoney_pot::next()").ok();
    assert_eq!(cell.result.as_deref(), Some("1"));
    // One line, which changes in place and tells the end.
    let (others, last) = cell.stderr.rsplit_once('\r').expect("progress");
    assert!(others.contains("Building honey-pot"), "{cell:?}");
    assert!(
        last.starts_with("Added honey-pot 0.3.0 (1 crate built in "),
        "{cell:?}"
    );
    assert_eq!(cell.stderr.matches('\n').count(), 1, "{cell:?}");
    session.run("let pot = honey_pot::Pot(7);").ok();
    session
        .run("(before, pot, honey_pot::next())")
        .gives("([1], Pot(7), 2)");
    session.run(":dep ./honey-pot").prints("");
    let folder = crates.0.path().canonicalize().expect("a folder");
    let shown = format!(
        "honey-pot = {{ path = \"{}/honey-pot\" }}\n",
        folder.display()
    );
    let cell = session.run(":show_deps").ok();
    let (lines, packages) = cell.stdout.split_once('\n').expect("lines");
    assert_eq!(format!("{lines}\n"), shown);
    assert_eq!(packages.trim(), "honey-pot 0.3.0  came with honey-pot");

    // Another kernel finds it built; a headless client gets no line that changes.
    let mut another = crates.session();
    another
        .run_headless(":dep honey-pot = { path = \"honey-pot\" }")
        .prints("");
    another.run("honey_pot::next()").gives("1");
}

#[test]
fn a_crate_that_changes_is_built_again() {
    let crates = Crates::new();
    crates.package(
        "honey",
        "#[derive(Debug)] pub struct Pot(pub u8); pub fn taste() -> u8 { 1 }",
    );
    let mut session = crates.session();
    let cell = session
        .run_headless(":dep ./honey\nlet pot = honey::Pot(1);\nlet n = 5;")
        .ok();
    assert!(
        cell.stderr
            .starts_with("Building honey; this happens once.\nAdded honey"),
        "{cell:?}"
    );
    crates.package(
        "honey",
        "#[derive(Debug)] pub struct Pot(pub u64); pub fn taste() -> u8 { 2 }",
    );
    let cell = session.run("honey::taste()").ok();
    assert_eq!(cell.result.as_deref(), Some("2"));
    assert!(
        cell.stderr
            .contains("`pot` ended, being of a type of a crate that was built anew"),
        "{cell:?}"
    );
    session
        .run("pot")
        .fails_with(&["built anew; run the cell that makes it again"]);
    session
        .run("let pot = honey::Pot(1 << 40); (&pot, n)")
        .gives("(Pot(1099511627776), 5)");
    crates.package("honey", "pub fn taste() -> u8 { 3");
    // Only what uses it waits for it.
    session.run("(&pot, n)").gives("(Pot(1099511627776), 5)");
    let cell = session.run("honey::taste()");
    cell.fails_with(&[
        "`honey` does not compile: error: this file contains an unclosed delimiter",
        "cargo said:",
    ]);
    let file = format!("{}/honey/src/lib.rs", crates.0.path().display());
    assert!(cell.fails().contains(&file), "{cell:?}");
    crates.package("honey", "pub fn taste() -> u8 { 4 }");
    session.run("honey::taste()").gives("4");
}

#[test]
fn what_is_wrong_with_a_crate_is_said_first() {
    let crates = Crates::new();
    crates.package("x-sys", "");
    crates.write(
        "x-sys",
        "build.rs",
        "fn main() { eprintln!(\"The system library `x` was not found.\"); std::process::exit(1) }",
    );
    let mut session = crates.session();
    session.run("let n = 4;").ok();
    for (command, parts) in [
        (
            ":dep ./x-sys",
            [
                "`x-sys` cannot be built on this system: The system library `x`",
                "help: ",
            ],
        ),
        (":dep ./nowhere", ["there is no crate in", "nowhere"]),
        (
            ":dep y-sys = { path = \"x-sys\" }",
            ["is named `x-sys`", "package = "],
        ),
        (
            ":dep x = \"1.2.3.4\"",
            ["`1.2.3.4` is no version of `x`", "\"1.2\""],
        ),
        (":dep x y", ["`:dep` takes a crate", "Cargo.toml"]),
    ] {
        let cell = session.run(command);
        cell.fails_with(&parts);
        let shown = cell.fails();
        assert!(!shown.contains("woozle_deps"), "{shown}");
    }
    session.run("n").gives("4");
}

#[test]
fn a_crate_is_built_whatever_cargo_is_told_to_do() {
    let crates = Crates::new();
    let code = "pub fn taste(sweet: bool) -> u8 { assert!(sweet, \"bitter\"); 7 }";
    crates.package("honey-dew", code);
    let folder = crates.0.path().to_owned();
    let mut session = Session::start_with(move |kernel| {
        let elsewhere = folder.join("elsewhere");
        kernel
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", &elsewhere)
            .env("CARGO_BUILD_BUILD_DIR", &elsewhere)
            .envs([
                ("CARGO_BUILD_TARGET", "wasm32-unknown-unknown"),
                ("CARGO_ENCODED_RUSTFLAGS", "-Cpanic=abort"),
                ("CARGO_PROFILE_RELEASE_LTO", "true"),
                ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
                ("CARGO_PROFILE_RELEASE_STRIP", "true"),
                ("CARGO_TERM_PROGRESS_WHEN", "always"),
                ("CARGO_TERM_QUIET", "true"),
                ("RUSTFLAGS", "-Cpanic=abort"),
            ]);
    });
    let cell = session.run(":dep ./honey-dew\nhoney_dew::taste(true)").ok();
    assert_eq!(cell.result.as_deref(), Some("7"), "{cell:?}");
    assert!(cell.stderr.contains("1 crate built"), "{cell:?}");
    session
        .run("honey_dew::taste(false)")
        .fails_with(&["panic", "bitter"]);
}

#[test]
fn crates_come_from_crates_io() {
    let mut session = Session::start();
    session
        .run(":dep itoa = \"1\"\nitoa::Buffer::new().format(7).to_owned()")
        .gives("\"7\"");
    session
        .run(":dep this-crate-cannot-exist-zz9 = \"77\"")
        .fails_with(&["there is no crate `this-crate-cannot-exist-zz9` on crates.io"]);
    session
        .run(":dep itoa = \"99\"")
        .fails_with(&["no version of `itoa` is `^99`", "the newest are 1."]);
    session
        .run(":dep itoa = { version = \"1\", features = [\"honey\"] }")
        .fails_with(&["`itoa` has no feature `honey`"]);
    session
        .run(":offline on\n:dep this-crate-cannot-exist-zz9 = \"77\"")
        .fails_with(&["cargo is offline", ":offline off"]);
    session
        .run("itoa::Buffer::new().format(8).to_owned()")
        .gives("\"8\"");
}

#[test]
fn an_interrupt_ends_a_build() {
    let crates = Crates::new();
    crates.package("slow", "pub fn f() -> u8 { 9 }");
    let begun = crates.0.path().join("begun");
    assert!(
        Command::new("mkfifo")
            .arg(&begun)
            .status()
            .is_ok_and(|status| status.success())
    );
    let script = format!(
        "fn main() {{\n    if std::env::var_os(\"HURRY\").is_some() {{ return }}\n    \
         std::fs::write({begun:?}, \"yes\").unwrap();\n    loop {{ std::thread::park() }}\n}}"
    );
    crates.write("slow", "build.rs", &script);
    let mut session = crates.session();
    session.run("let n = 4;").ok();
    let cell = session.send(":dep ./slow\nslow::f()");
    assert_eq!(fs::read(&begun).expect("the build script writes"), b"yes");
    session.interrupt();
    session.finish(&cell).fails_with(&[
        "KeyboardInterrupt",
        "the building of crates was interrupted",
    ]);
    let left = descendants(session.kernel.id());
    let left: Vec<_> = left.iter().map(|process| process.name.as_str()).collect();
    let builds = |name: &str| name.contains("cargo") || name.contains("build-script");
    assert!(!left.iter().any(|name| builds(name)), "{left:?}");
    session
        .run(":build_env HURRY=1\n:dep ./slow\n(slow::f(), n)")
        .gives("(9, 4)");
}

#[test]
fn a_kernel_that_waits_for_the_build_of_another_can_be_interrupted() {
    let crates = Crates::new();
    crates.package("slow", "pub fn f() -> u8 { 9 }");
    let begun = crates.0.path().join("begun");
    let script = format!(
        "fn main() {{\n    if std::env::var_os(\"HURRY\").is_some() {{ return }}\n    \
         std::fs::write({begun:?}, \"yes\").unwrap();\n    loop {{ std::thread::park() }}\n}}"
    );
    crates.write("slow", "build.rs", &script);
    let (mut first, mut second) = (crates.session(), crates.session());
    let building = first.send(":dep ./slow");
    first.wait_for(&building, |_| begun.exists());
    let waiting = second.send(":dep ./slow");
    second.wait_for(&waiting, |cell| {
        cell.stderr.contains("waiting for another build")
    });
    second.interrupt();
    second
        .finish(&waiting)
        .fails_with(&["the building of crates was interrupted"]);
    second.run("1 + 1").gives("2");
    first.interrupt();
    first.finish(&building).fails_with(&["KeyboardInterrupt"]);
    second
        .run(":build_env HURRY=1\n:dep ./slow\nslow::f()")
        .gives("9");
}

#[test]
fn cells_await_within_tokio() {
    let mut session = Session::start_with(|kernel| {
        kernel.env("WOOZLE_SETTLE", "5");
    });
    session
        .run(":dep tokio = { version = \"1\", features = [\"net\", \"time\", \"io-util\"] }")
        .ok();
    session
        .run(
            "let listener = tokio::net::TcpListener::bind(\"127.0.0.1:0\").await?;\n\
              let address = listener.local_addr()?;",
        )
        .ok();
    session
        .run("use tokio::io::{AsyncReadExt, AsyncWriteExt};\n\
              let server = tokio::spawn(async move {\n    \
              let (mut stream, _) = listener.accept().await.unwrap();\n    \
              let mut text = String::new();\n    stream.read_to_string(&mut text).await.unwrap();\n    text\n});")
        .ok();
    session
        .run("{ let mut stream = tokio::net::TcpStream::connect(address).await?; stream.write_all(b\"honey\").await?; }\n\
              tokio::time::sleep(std::time::Duration::from_millis(1)).await;\nserver.await?")
        .gives("\"honey\"");
    // The runtime's threads are the first cell's, and work for whoever runs.
    for name in ["A", "B"] {
        let cell = session.run_headless(&format!(
            "tokio::spawn(async {{ tokio::time::sleep(std::time::Duration::from_millis(400)).await; println!({name:?}); }});"
        ));
        cell.prints(&format!("{name}\n"));
    }
    // A thread that waits for another blocking call is not waited for.
    let cell = session.run_headless("tokio::task::spawn_blocking(|| println!(\"C\")).await?;");
    cell.prints("C\n");
}

#[test]
fn a_variable_of_a_type_that_a_crate_has_from_another_is_kept() {
    let crates = Crates::new();
    crates.package(
        "hidden-part",
        "pub mod inner { pub struct Sender<T>(pub T); }\npub use inner::Sender;",
    );
    crates.package("whole", "pub use hidden_part as channel;");
    crates.write(
        "whole",
        "Cargo.toml",
        "[package]\nname = \"whole\"\nversion = \"0.3.0\"\nedition = \"2024\"\n\
         [dependencies]\nhidden-part = { path = \"../hidden-part\" }\n",
    );
    let mut session = crates.session();
    let cell = ":dep whole = { path = \"whole\" }\nlet sender = whole::channel::Sender(4);";
    session.run(cell).ok();
    session.run("sender.0 + 1").gives("5");
}

#[test]
fn ndarray_and_rayon_work_together() {
    let mut session = Session::start();
    session
        .run(
            "use ndarray::{Array2, Zip, parallel::prelude::*};\nlet mut a = Array2::<u64>::zeros((100, 10));\n\
             Zip::indexed(&mut a).par_for_each(|(i, _), x| *x = i as u64);\n\
             (a.sum(), a.axis_iter(ndarray::Axis(0)).into_par_iter().map(|row| row.sum()).max())",
        )
        .gives("(49500, Some(990))");
}

#[test]
fn types_of_a_crate_that_another_one_shows_are_kept() {
    let mut session = Session::start();
    session.run(":dep crossbeam = \"0.8\"").ok();
    // They are of `crossbeam_utils` and others, of which the runtime has copies of its own.
    session
        .run(
            "let cell = crossbeam::atomic::AtomicCell::new(5);\nlet group = crossbeam::sync::WaitGroup::new();\n\
             let padded = crossbeam::utils::CachePadded::new(3);\nlet shared = crossbeam::epoch::Atomic::new(3);\n\
             let worker = crossbeam::deque::Worker::<u32>::new_fifo();\nlet stealer = worker.stealer();",
        )
        .ok();
    session.run("worker.push(7);\ncell.store(6);").ok();
    session
        .run("(cell.load(), *padded, stealer.steal().success())")
        .gives("(6, 3, Some(7))");
    session.run("drop(shared);\ngroup.wait();").ok();
}
