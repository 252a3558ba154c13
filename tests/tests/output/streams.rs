//! Output of the running cell, by whatever way it was written.

use woozle_kernel::wire::content::StreamName::{Stderr, Stdout};

use crate::support::Session;

#[test]
fn all_ways_of_writing_keep_their_order() {
    let mut session = Session::start();
    let cell = "use std::io::Write;\n\
        println!(\"macro\");\n\
        std::println!(\"std\");\n\
        writeln!(std::io::stdout(), \"writeln\")?;\n\
        unsafe { libc::write(1, c\"write\\n\".as_ptr().cast(), 6) };\n\
        std::process::Command::new(\"echo\").arg(\"child\").status()?;\n\
        print!(\"end\");";
    session
        .run(cell)
        .prints("macro\nstd\nwriteln\nwrite\nchild\nend");
}

#[test]
fn output_of_c_functions_comes_in_their_cell() {
    let mut session = Session::start();
    let cell = "unsafe {\n    libc::puts(c\"puts\".as_ptr());\n    \
        libc::printf(c\"printf %d\\n\".as_ptr(), 42);\n}";
    session.run(cell).prints("puts\nprintf 42\n");
    session.run("println!(\"next\");").prints("next\n");
}

#[test]
fn output_of_a_child_comes_in_its_cell() {
    let mut session = Session::start();
    let cell = session.run(
        "std::process::Command::new(\"sh\").args([\"-c\", \"echo out; echo err >&2\"]).status()?.success()",
    );
    assert_eq!((&*cell.stdout, &*cell.stderr), ("out\n", "err\n"));
    cell.gives("true");
    session.run("println!(\"next\");").prints("next\n");
}

#[test]
fn both_streams_keep_their_order() {
    let mut session = Session::start();
    let cell = session
        .run("for n in 0..3 { println!(\"out {n}\"); eprintln!(\"err {n}\"); }")
        .ok();
    let expected: Vec<_> = (0..3)
        .flat_map(|n| {
            [
                (Stdout, format!("out {n}\n")),
                (Stderr, format!("err {n}\n")),
            ]
        })
        .collect();
    assert_eq!(cell.streams, expected);
}

#[test]
fn a_hundred_thousand_lines_arrive_in_order() {
    let mut session = Session::start();
    let expected: String = (0..100_000).map(|n| format!("{n}\n")).collect();
    for code in [
        "for n in 0..100_000 { println!(\"{n}\"); }",
        "for n in 0..100_000 { std::println!(\"{n}\"); }",
        "std::process::Command::new(\"seq\").args([\"0\", \"99999\"]).status()?;",
    ] {
        let cell = session.run(code).ok();
        assert!(
            cell.stdout == expected,
            "{code}: {} bytes",
            cell.stdout.len()
        );
    }
}

#[test]
fn output_that_is_not_utf8_is_shown_replaced() {
    let mut session = Session::start();
    let cell = "use std::io::Write;\nstd::io::stdout().write_all(b\"caf\\xe9\\n\")?;\n\
        std::io::stdout().write_all(b\"\\xff\\xfe\")?;\nstd::io::stderr().write_all(b\"\\x80.\\n\")?;";
    let cell = session.run(cell).ok();
    assert_eq!(
        (&*cell.stdout, &*cell.stderr),
        ("caf\u{fffd}\n\u{fffd}\u{fffd}", "\u{fffd}.\n")
    );
    session.run("println!(\"next\");").prints("next\n");
}

#[test]
fn a_character_that_is_written_in_parts_is_shown_whole() {
    let mut session = Session::start();
    let cell = "use std::io::Write;\nfor byte in \"größer €\\n\".bytes() {\n    \
        std::io::stdout().write_all(&[byte])?;\n    std::io::stdout().flush()?;\n}";
    session.run(cell).prints("größer €\n");
}
