//! `:undo`, `:checkpoint` and `:rollback`: what goes back, and what a crash takes back.

use std::fs;

use tempfile::TempDir;

use crate::support::{Session, descendants};

#[test]
fn undo_takes_the_last_cell_back() {
    let mut session = Session::start();
    session
        .run("let mut v = vec![1];\nfn f() -> u32 { 1 }")
        .ok();
    session
        .run("v.push(2);\nfn f() -> u32 { 2 }\nlet extra = 1;")
        .ok();
    session.run("(v.len(), f())").gives("(2, 2)");
    session.run(":undo").ok();
    session.run("v.clear();").ok();
    session.run(":undo").ok();
    session.run("(&v, f())").gives("([1, 2], 2)");
}

#[test]
fn a_named_checkpoint_can_be_gone_back_to_again_and_again() {
    let mut session = Session::start();
    session.run("let mut v = vec![1];").ok();
    let cell = session.run(":checkpoint start").ok();
    assert!(
        cell.stdout.starts_with("start: after cell [1]"),
        "{cell:#?}"
    );
    for _ in 0..2 {
        session.run("v.push(2);\nlet w = v.clone();").ok();
        session.run("drop(v);").ok();
        session.run(":rollback start").ok();
        session.run("&v").gives("[1]");
        session.run("w").fails_with(&["E0425"]);
    }
    session
        .run(":rollback strat")
        .fails_with(&["there is no checkpoint `strat`", "start"]);
}

#[test]
fn what_a_thread_does_that_an_undo_has_brought_back_outlives_a_crash() {
    let folder = TempDir::new().expect("a folder");
    let (call, answer) = (folder.path().join("call"), folder.path().join("answer"));
    let mut session = Session::start();
    session
        .run(&format!(
            "use std::sync::atomic::{{AtomicU32, Ordering::SeqCst}};\nuse std::time::Duration;\n\
             static HEARD: AtomicU32 = AtomicU32::new(0);\n\
             let (end, ended) = std::sync::mpsc::channel::<()>();\n\
             let rabbit = std::thread::spawn(move || {{\n    while ended.try_recv().is_err() {{\n        \
             if std::path::Path::new({call:?}).exists() && HEARD.swap(1, SeqCst) == 0 {{ std::fs::write({answer:?}, \"\").unwrap(); }}\n        \
             std::thread::sleep(Duration::from_millis(1));\n    }}\n}});"
        ))
        .ok();
    session.run("end.send(())?;\nrabbit.join().unwrap();").ok();
    session.run(":undo").ok();
    fs::write(&call, "").expect("a file");
    let asked = std::time::Instant::now();
    while !answer.exists() {
        assert!(
            asked.elapsed().as_secs() < 60,
            "the thread has not answered"
        );
        std::thread::yield_now();
    }
    fs::remove_file(&call).expect("removed");
    session
        .run("std::process::abort()")
        .fails_with(&["as they were before the cell"]);
    session.run("HEARD.load(SeqCst)").gives("1");
}

#[test]
fn a_checkpoint_whose_process_was_killed_cannot_be_gone_to_and_costs_nothing_else() {
    let mut session = Session::start();
    session.run("let mut v = vec![1];").ok();
    session.run(":checkpoint start").ok();
    session.run("v.push(2);").ok();
    let host = session.run("std::process::id()").ok().result;
    let copies = descendants(session.kernel.id())
        .into_iter()
        .filter(|process| {
            process.name.starts_with("woozle-") && Some(process.id.to_string()) != host
        });
    for copy in copies {
        copy.kill();
        copy.ends();
    }
    session
        .run(":rollback start")
        .fails_with(&["`start` is gone", "killed", "as it was"]);
    session.run(":undo").fails();
    session.run("&v").gives("[1, 2]");
}

#[test]
fn a_named_checkpoint_outlives_whatever_the_session_goes_back_to() {
    let mut session = Session::start();
    session.run("let mut v = vec![1];").ok();
    session.run(":checkpoint one").ok();
    session.run("v.push(2);\nfn second() -> u32 { 2 }").ok();
    session.run(":checkpoint two").ok();
    session.run("v.push(3);\nfn third() -> u32 { 3 }").ok();
    session.run(":checkpoint three").ok();
    // Each of these goes back beyond some of them.
    session.run(":undo").ok();
    session.run("&v").gives("[1, 2]");
    session.run(":rollback one").ok();
    session.run("v.push(9);\nfn other() -> u32 { 9 }").ok();
    session.run("std::process::abort()").fails();
    // A crash goes back to the session's own past.
    session.run("(&v, other())").gives("([1, 9], 9)");
    for _ in 0..2 {
        session.run(":rollback three").ok();
        session
            .run("(&v, second(), third())")
            .gives("([1, 2, 3], 2, 3)");
        session.run("other()").fails_with(&["E0425"]);
        session.run(":rollback two").ok();
        session.run("(&v, second())").gives("([1, 2], 2)");
        session.run("third()").fails_with(&["E0425"]);
        session.run("std::process::abort()").fails();
        session.run("(&v, second())").gives("([1, 2], 2)");
    }
    session.run(":rollback one").ok();
    session.run("&v").gives("[1]");
}

#[test]
fn undo_takes_back_what_a_command_has_set() {
    let mut session = Session::start();
    session.run("let v = vec![1];").ok();
    session.run(":env HONEY=1").ok();
    // Looking at something is nothing that could be taken back.
    session.run(":env").prints("HONEY=1\n");
    session.run(":undo").ok();
    session.run(":env").prints("");
    session
        .run("(std::env::var(\"HONEY\").is_ok(), &v)")
        .gives("(false, [1])");
    session.run(":limit memory 4G").ok();
    session.run(":undo").ok();
    session
        .run(":limit memory")
        .prints("the memory is not limited\n");
    session.run(":fmt {:#?}").ok();
    session.run("Some(1)").gives("Some(\n    1,\n)");
    session.run(":undo").ok();
    session.run("Some(2)").gives("Some(\n    2,\n)");
    session.run(":fmt").ok();
    session.run(":undo").ok();
    session.run("Some(3)").gives("Some(\n    3,\n)");
}

/// A crate in a folder, and the line that adds it.
fn honey_pot() -> (TempDir, String) {
    let folder = TempDir::new().expect("a folder");
    let manifest = "[package]\nname = \"honey-pot\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    fs::create_dir(folder.path().join("src")).expect("made");
    fs::write(folder.path().join("Cargo.toml"), manifest).expect("written");
    let code = "pub fn taste() -> u8 { 7 }";
    fs::write(folder.path().join("src/lib.rs"), code).expect("written");
    let line = format!(":dep honey-pot = {{ path = {:?} }}", folder.path());
    (folder, line)
}

#[test]
fn a_rollback_takes_back_what_commands_have_set() {
    let (_folder, dep) = honey_pot();
    let mut session = Session::start();
    session.run(":env HONEY=1\nlet v = vec![1];").ok();
    session.run(":checkpoint start").ok();
    for _ in 0..2 {
        session.run(":env HONEY=2\n:limit memory 4G").ok();
        session.run(":fmt {:#?}").ok();
        session
            .run(&format!("{dep}\nlet taste = honey_pot::taste();"))
            .ok();
        session.run("taste").gives("7");
        session.run(":rollback start").ok();
        session.run(":env").prints("HONEY=1\n");
        session
            .run(":limit memory")
            .prints("the memory is not limited\n");
        session.run(":show_deps").prints("");
        session
            .run("(std::env::var(\"HONEY\")?, &v)")
            .gives("(\"1\", [1])");
        session.run("honey_pot::taste()").fails_with(&["honey_pot"]);
    }
}

#[test]
fn a_crash_takes_back_what_the_commands_of_its_cell_have_set_and_nothing_else() {
    let (_folder, dep) = honey_pot();
    let mut session = Session::start();
    session.run(":env HONEY=1").ok();
    session.run(":fmt {:#?}").ok();
    session.run(":limit memory 4G").ok();
    session
        .run(":env HONEY=2\n:fmt {:?}\n:limit memory none\nstd::process::abort()")
        .fails_with(&["as they were before the cell"]);
    session.run(":env").prints("HONEY=1\n");
    session
        .run(":limit memory")
        .prints("each process may allocate 4 GB\n");
    session
        .run("std::env::var(\"HONEY\").ok()")
        .gives("Some(\n    \"1\",\n)");
    // What is made of a crate goes with it.
    let cell = session.run(&format!(
        "{dep}\nfn taste() -> u8 {{ honey_pot::taste() }}\nstd::process::abort()"
    ));
    let error = cell.fails();
    assert!(
        error.contains("SIGABRT") && !error.contains("is defined"),
        "{error}"
    );
    session.run(":show_deps").prints("");
    session.run("taste()").fails();
    session.run("honey_pot::taste()").fails_with(&["honey_pot"]);
    session.run(&dep).ok();
    session.run("std::process::abort()").fails();
    session.run("honey_pot::taste()").gives("7");
    session
        .run("fn taste() -> u8 { honey_pot::taste() }\nstd::process::abort()")
        .fails_with(&["what this cell defines is defined"]);
    session.run("taste()").gives("7");
}

#[test]
fn undo_takes_a_crate_back() {
    let (_folder, dep) = honey_pot();
    let mut session = Session::start();
    session.run("let v = vec![1];").ok();
    session.run(&dep).ok();
    session.run(":undo").ok();
    session.run(":show_deps").prints("");
    session.run("honey_pot::taste()").fails_with(&["honey_pot"]);
    session
        .run(&format!("{dep}\n(honey_pot::taste(), &v)"))
        .gives("(7, [1])");
}
