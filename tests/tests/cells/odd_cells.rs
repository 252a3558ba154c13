//! Cells with nothing in them, and cells that are no Rust: an answer every time.

use crate::support::Session;

#[test]
fn a_cell_with_nothing_to_run_does_nothing() {
    let mut session = Session::start();
    for code in [
        "",
        " \n\t\n",
        "// nothing",
        "/* nothing\n at all */",
        "//! nothing",
        ";",
    ] {
        let cell = session.run(code).ok();
        assert_eq!(
            (cell.result, &*cell.stdout, &*cell.stderr),
            (None, "", ""),
            "{code:?}"
        );
    }
    session.run("1 + 1").gives("2");
}

#[test]
fn a_cell_that_does_not_parse_is_an_error_with_its_line() {
    let mut session = Session::start();
    session.run("let kept = 1;").ok();
    let cells = [
        ("fn open() {\n    1", "unclosed"),
        ("let s = \"open;", "unterminated"),
        ("1\n/* open", "unterminated"),
        ("let s = r#\"open\";", "unterminated"),
        ("1 + ;", "expected expression"),
        ("}", "unexpected closing"),
        ("let c = 'ab';", "character literal"),
    ];
    for (code, part) in cells {
        let cell = session.run(code);
        let text = cell.fails();
        assert!(text.contains(part), "{code:?}: {text}");
        assert!(text.contains("cell ["), "{code:?}: {text}");
        assert_eq!((&*cell.stdout, &*cell.stderr), ("", ""), "{code:?}");
        session.run("kept").gives("1");
    }
}

#[test]
fn a_type_error_is_told_with_the_users_own_line_and_no_generated_name() {
    let mut session = Session::start();
    let cell = session.run("let n: u32 = 1;\nlet text: String = n;");
    cell.fails_with(&[
        "E0308",
        "mismatched types",
        "cell [1]:2:20",
        "let text: String = n;",
    ]);
    assert!(!cell.fails().contains("woozle"), "{}", cell.fails());
}

#[test]
fn return_ends_a_cell() {
    let mut session = Session::start();
    session.run("let n = 2;").ok();
    let cell = session
        .run("if n > 1 { println!(\"early\"); return; }\nprintln!(\"late\");")
        .ok();
    assert_eq!(cell.stdout, "early\n");
    session
        .run("let Some(m) = None::<u8> else { return };")
        .ok();
    session
        .run("let f = |x: i32| { if x > n { return; } };\nf(3); n")
        .gives("2");
}

#[test]
fn a_line_without_text_is_printed() {
    let mut session = Session::start();
    let cell = session
        .run("fn f() { println!(); eprintln!(); }\nprint!(\"a\"); println!(); f();")
        .ok();
    assert_eq!((&*cell.stdout, &*cell.stderr), ("a\n\n", "\n"));
}

#[test]
fn a_macro_may_await() {
    let mut session = Session::start();
    session
        .run("macro_rules! now { ($e:expr) => { $e.await } }")
        .ok();
    session
        .run("async fn one() -> u8 { 1 }\nlet n = now!(one()) + 1;")
        .ok();
    session.run("n").gives("2");
    session
        .run("fn f() { now!(one()); }")
        .fails_with(&["E0728"]);
}
