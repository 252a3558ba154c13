//! A notebook as one writes it for evcxr runs here.

use crate::support::Session;

#[test]
fn a_notebook_written_for_evcxr_runs() {
    let mut session = Session::start();
    let cell = session
        .run("println!(\"to the one\");\neprintln!(\"to the other\");\nformat!(\"{}!\", 3)")
        .ok();
    assert_eq!(
        (
            cell.stdout.as_str(),
            cell.stderr.as_str(),
            cell.result.as_deref()
        ),
        ("to the one\n", "to the other\n", Some("\"3!\""))
    );

    // Variables are changed, and items defined anew, in later cells.
    session.run("let mut hive = \"Bees\".to_owned();").ok();
    session.run("hive.push_str(\" and honey\");").ok();
    session.run("hive").gives("\"Bees and honey\"");
    session.run("pub fn area(a: u32) -> u32 { a + a }").ok();
    session
        .run("(1..4).map(area).collect::<Vec<_>>()")
        .gives("[2, 4, 6]");
    session.run("pub fn area(a: u32) -> u32 { a * a }").ok();
    session
        .run("let areas = (1..4).map(area).collect::<Vec<u32>>();\nareas")
        .gives("[1, 4, 9]");

    // A thread goes on between cells; `?` on a lock's error.
    session
        .run("use std::sync::{Arc, Condvar, Mutex};\nlet shared = Arc::new((Mutex::new(0_u32), Condvar::new()));\n\
              std::thread::spawn({\n    let shared = Arc::clone(&shared);\n    move || {\n        \
              *shared.0.lock().unwrap() = 7;\n        shared.1.notify_all();\n    }\n});")
        .ok();
    session
        .run("drop(shared.1.wait_while(shared.0.lock()?, |n| *n == 0)?);")
        .ok();
    session.run("*shared.0.lock()?").gives("7");

    // A type shows itself.
    session
        .run("use std::fmt::Debug;\npub struct Grid<T> { pub cells: Vec<T>, pub width: usize }\n\
              impl<T: Debug> Grid<T> {\n    pub fn evcxr_display(&self) {\n        \
              let rows = self.cells.chunks(self.width).map(|row| format!(\"<tr><td>{row:?}</td></tr>\"));\n        \
              let rows: String = rows.collect();\n        \
              println!(\"EVCXR_BEGIN_CONTENT text/html\\n<table>{rows}</table>\\nEVCXR_END_CONTENT\");\n    }\n}")
        .ok();
    let request = session.send("Grid { cells: vec![1, 2, 3, 4], width: 2 }");
    let cell = session.finish(&request).ok();
    assert_eq!((cell.stdout.as_str(), cell.stderr.as_str()), ("", ""));

    // A crate, an error, the commands at the end.
    session
        .run(":dep itoa = \"1\"\nitoa::Buffer::new().format(-3).len()")
        .gives("2");
    session
        .run("let mut s = String::new();\ns.push_str(format!(\"honey {}\", 42));")
        .fails_with(&["E0308", "cell [15]:2:12", "expected `&str`"]);
    let cell = session.run(":vars").ok();
    assert!(
        cell.stdout.contains("mut hive  : String") && cell.stdout.contains("areas : Vec<u32>"),
        "{cell:?}"
    );
    session.run(":timing").ok();
    session.run(":opt 2").ok();
    let cell = session.run(":efmt {}\nhive.len()").ok();
    assert!(
        cell.stderr.contains("`?` shows an error's own message"),
        "{cell:?}"
    );
}

#[test]
fn what_is_printed_for_evcxr_is_shown_where_it_is_printed() {
    let mut session = Session::start();
    let cell = "struct Bold(u8);\nimpl Bold {\n    fn evcxr_display(&self) {\n        \
        println!(\"EVCXR_BEGIN_CONTENT text/html\\n<b>{}</b>\\nEVCXR_END_CONTENT\", self.0);\n    }\n}\n\
        for n in 0..2 { println!(\"n\"); Bold(n).evcxr_display(); }";
    let cell = session.run(cell).ok();
    let shown: Vec<_> = cell
        .displays
        .iter()
        .map(|display| display["text/html"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(shown, ["<b>0</b>", "<b>1</b>"]);
    assert_eq!(cell.stdout, "n\nn\n");
    // By std, in pieces, and without an end.
    let cell = "std::println!(\"EVCXR_BEGIN_CONTENT text/html\");\nstd::print!(\"<i>\");\nprintln!(\"x</i>\");";
    let cell = session.run(cell).ok();
    assert_eq!(cell.displays.len(), 1, "{cell:?}");
    session
        .run("println!(\"EVCXR_BEGIN\");")
        .ok()
        .prints("EVCXR_BEGIN\n");
}

#[test]
fn what_a_notebook_of_evcxr_begins_with_does_not_keep_it_from_running() {
    let mut session = Session::start();
    let settings = [
        ":sccache 1",
        ":cache 500",
        ":preserve_vars_on_panic 1",
        ":efmt {:?}",
        "  :allow_static_linking 0",
        ":toolchain stable",
        ":load_config",
        ":quiet",
        ":time_passes",
        ":codegen_backend llvm",
        ":internal_debug",
    ];
    for setting in settings {
        let name = setting.trim().split(' ').next().expect("a word");
        let code = format!(
            "// What is needed.\n{setting}\n  :dep itoa = \"1\"\nitoa::Buffer::new().format(-3).len()"
        );
        let cell = session.run(&code).ok();
        assert!(cell.stderr.contains(name), "{setting}: {cell:?}");
        cell.gives("2");
    }
    let all = format!("{}\n:linker lld\n1 + 1", settings.join("\n"));
    session.run(&all).gives("2");
}

#[test]
fn a_crate_that_is_missing_is_named_as_it_may_be_on_crates_io() {
    let mut session = Session::start();
    for code in [
        "extern crate no_such_crate;",
        "use no_such_crate::Thing;",
        "no_such_crate::thing()",
    ] {
        session
            .run(code)
            .fails_with(&[":dep no-such-crate = \"*\"", ":dep no_such_crate = \"*\""]);
    }
    session
        .run("extern crate nosuchcrate;")
        .fails_with(&["a line `:dep nosuchcrate = \"*\"` adds it"]);
}

#[test]
fn a_trait_may_give_evcxr_display_and_references_and_boxes_show_what_they_hold() {
    let mut session = Session::start();
    session
        .run(
            "struct Figure;\ntrait Show { fn evcxr_display(&self); }\nimpl Show for Figure {\n    \
             fn evcxr_display(&self) { println!(\"EVCXR_BEGIN_CONTENT text/html\\n<b>fig</b>\\nEVCXR_END_CONTENT\"); }\n}\n\
             let fig = Figure;",
        )
        .ok();
    let cell = session.run("fig.evcxr_display();").ok();
    assert_eq!(cell.displays[0]["text/html"], "<b>fig</b>");
    for code in [
        "&fig",
        "&&fig",
        "Box::new(Figure)",
        "std::sync::Arc::new(Figure)",
        "Figure",
    ] {
        let cell = session.run(code).ok();
        assert_eq!(cell.html.as_deref(), Some("<b>fig</b>"), "{code}: {cell:?}");
    }
}

#[test]
fn a_question_mark_says_what_the_error_says_of_itself() {
    let mut session = Session::start();
    session
        .run("\"honey\".parse::<u8>()?")
        .fails_with(&["invalid digit found in string"]);
    session
        .run("std::fs::read(\"/no/such/file\")?")
        .fails_with(&["No such file or directory (os error 2)"]);
    session
        .run(
            "#[derive(Debug)]\nstruct Bother(u8);\nimpl std::fmt::Display for Bother {\n    \
             fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, \"{} bees\", self.0) }\n}\n\
             fn fail() -> Result<u8, Bother> { Err(Bother(3)) }",
        )
        .ok();
    let text = session.run("fail()?").fails();
    assert!(
        text.contains("3 bees") && !text.contains("Bother(3)"),
        "{text}"
    );
    // What has no Display form is told by its Debug form.
    session.run("#[derive(Debug)]\nstruct Silent(u8);").ok();
    session
        .run("Err::<(), _>(Silent(4))?;")
        .fails_with(&["Silent(4)"]);
}
