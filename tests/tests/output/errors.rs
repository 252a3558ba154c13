//! Errors, warnings and panics as they are shown.

use crate::support::Session;

#[test]
fn an_error_leads_to_its_explanation() {
    let mut session = Session::start();
    session
        .run("let n: i32 = \"a\";\nlet m = n + missing;")
        .fails_with(&[
            "cell [1]:1:14",
            "https://doc.rust-lang.org/error_codes/E0308.html",
            "https://doc.rust-lang.org/error_codes/E0425.html",
        ]);
    let cell = session.run(":explain").ok();
    assert!(
        cell.stdout.contains("mismatched") || cell.stdout.contains("did not match"),
        "{cell:?}"
    );
    // What has no code has no page.
    let shown = session.run("let = 1;").fails();
    assert!(!shown.contains("https://"), "{shown}");
    session
        .run(":explain")
        .fails_with(&["had no error with a code"]);
}

#[test]
fn warnings_are_shown_where_they_mean_something() {
    let mut session = Session::start();
    session
        .run(
            "use std::collections::HashMap;\nfn never_called() -> i32 { let unused = 5; 3 }\n\
              let mut not_changed = 1;\nlet NotSnake = 2;\nstruct Unused { field: u8 }",
        )
        .prints("");
    let cell = session.run("std::fs::read(\"/nope\");\n7").ok();
    assert_eq!(cell.result.as_deref(), Some("7"));
    let shown = console::strip_ansi_codes(&cell.stderr).into_owned();
    assert!(
        shown.starts_with("warning: unused `std::result::Result` that must be used"),
        "{shown}"
    );
    assert!(
        shown.contains("cell [2]:1:1") && shown.contains("let _ = "),
        "{shown}"
    );
    assert!(!shown.contains("command line"), "{shown}");
    let cell = session
        .run("fn f() -> u8 { return 1; println!(\"never\"); 2 }")
        .ok();
    assert!(cell.stderr.contains("unreachable"), "{cell:?}");
    // It belongs to its own cell, and is not repeated where it is compiled again.
    session.run("fn g() -> u8 { 1 }\nfn h() -> u8 { g() }").ok();
    let cell = session.run("#[deprecated] fn old() {}\nold();").ok();
    assert!(cell.stderr.contains("deprecated"), "{cell:?}");
    session
        .run("panic!(\"no honey\")")
        .fails_with(&["cell [6]:1:1"]);
}

#[test]
fn a_panic_shows_the_functions_of_cells_that_it_went_through() {
    let mut session = Session::start();
    session
        .run("fn eat(pots: u32) -> u32 {\n    if pots == 0 { panic!(\"no honey\") }\n    eat(pots - 1) + 1\n}")
        .ok();
    session
        .run("struct Bear;\nimpl Bear { fn live(&self) -> u32 { eat(0) } }")
        .ok();
    session
        .run("vec![1].iter().map(|_| Bear.live()).sum::<u32>()")
        .fails_with(&[
            "panic: no honey",
            "cell [1]:2:20",
            "called, innermost first:\n  eat, cell [1]:2\n",
            "Bear::live, cell [2]:2\n  a closure, cell [3]:1\n  cell [3]:1",
        ]);
    // A macro's code is where the macro is used; functions that rustc inlines are called all the same.
    session.run(":opt 3").ok();
    session
        .run("macro_rules! open {\n    ($e:expr) => {\n        $e.unwrap()\n    };\n}\nfn jar(pot: Option<u8>) -> u8 {\n    open!(pot)\n}\nlet pots = [None::<u8>];")
        .ok();
    session
        .run("let taste = |pot| {\n    jar(pot)\n};\npots.map(taste)")
        .fails_with(&["jar, cell [5]:7\n  a closure, cell [6]:2\n  cell [6]:4"]);
    session.run(":opt auto").ok();
    // Where there is nothing more to say than the place, nothing is.
    let shown = session.run("panic!(\"here\")").fails();
    assert!(!shown.contains("called"), "{shown}");
    // What std panics with on the cell's behalf.
    session.run("fn first(v: &[u8]) -> u8 { v[0] }").ok();
    session
        .run("first(&[])")
        .fails_with(&["index out of bounds", "first, cell [9]:1\n  cell [10]:1"]);
}

#[test]
fn a_panic_in_std_shows_where_the_users_code_was() {
    let mut session = Session::start();
    let shown = session.run("let two = 2_i32;\ntwo.pow(40)").fails();
    assert!(shown.contains("--> cell [1]:2:5"), "{shown}");
    session
        .run("fn power(n: u32) -> i32 {\n    2_i32.pow(n)\n}")
        .ok();
    session
        .run("power(40)")
        .fails_with(&["cell [2]:2:11", "power, cell [2]:2\n  cell [3]:1"]);
}

#[test]
fn an_error_names_what_is_similar_and_the_call_of_the_macro_that_it_is_in() {
    let mut session = Session::start();
    session
        .run("let count = 1; fn helper_function() {} struct MyStruct;")
        .ok();
    session
        .run("cuont")
        .fails_with(&["cell [1] has something of a similar name: `count`"]);
    session
        .run("helper_functoin()")
        .fails_with(&["`helper_function`"]);
    session
        .run("let x: MyStrcut = todo!();")
        .fails_with(&["`MyStruct`"]);
    session
        .run("macro_rules! text { () => {{ let x: String = 1; x }} }")
        .ok();
    session
        .run("let n = 1;\ntext!()")
        .fails_with(&["E0308", "in this macro call", "cell [6]"]);
    let shown = session
        .run("let it = (0..3).map(|x| x + 1).filter(|x| x % 2 == 0).map(|x| (x, x)).filter_map(|(a, b)| Some(a + b)).enumerate().skip(1).take(4).zip(vec![1u8]);\nlet y: i32 = it;")
        .fails();
    assert!(
        !shown.contains("written to") && !shown.contains("--verbose"),
        "{shown}"
    );
}

#[test]
fn an_unknown_name_is_traced_to_the_cell_that_did_not_compile_or_to_a_crate() {
    let mut session = Session::start();
    session
        .run("use std::sync::mpsc; let n: u32 = \"a\"; fn f() {}")
        .fails();
    session
        .run("mpsc::channel::<u8>()")
        .fails_with(&["`mpsc` is in cell [1], which did not compile"]);
    session
        .run("n + 1")
        .fails_with(&["`n` is in cell [1], which did not compile"]);
    session.run("let n = 1; fn f() {} f(); n").gives("1");
    session
        .run("use itertools::Itertools;")
        .fails_with(&[":dep itertools = \"*\""]);
    session
        .run("mod geo { pub fn area() {} }\nuse geo::area;")
        .ok();
    session.run("mod geo { pub fn volume() {} }").ok();
    session
        .run("area()")
        .fails_with(&["`use geo::area;` of an earlier cell leads nowhere now"]);
}

#[test]
fn a_panic_of_a_thread_is_shown_in_its_cell() {
    let mut session = Session::start();
    session.run("use std::sync::mpsc;\nlet (go, wait) = mpsc::channel::<()>();\nfn fall() { panic!(\"bother\") }").ok();
    let cell = session.send("let t = std::thread::spawn(move || { let _ = wait.recv(); fall() });");
    session.finish(&cell).ok();
    session.run("go.send(())?; t.join().is_err()").gives("true");
    let cell = session.wait_for(&cell, |cell| cell.stderr.contains("called"));
    assert!(
        cell.stderr.contains("panicked at cell [1]:3:13:\nbother\n"),
        "{cell:?}"
    );
    assert!(cell.stderr.contains("called: fall, cell [1]"), "{cell:?}");
}

#[test]
fn suggestions_say_what_to_import_and_what_could_stand_there() {
    let mut session = Session::start();
    session
        .run("let m = HashMap::<u8, u8>::new();")
        .fails_with(&["consider importing", "`use std::collections::HashMap;`"]);
    session
        .run("#[inline(sometimes)] fn f() {}")
        .fails_with(&["`#[inline(always)]`, `#[inline(never)]`, `#[inline]`"]);
}

#[test]
fn a_thread_that_borrows_a_variable_is_told_to_take_it() {
    let mut session = Session::start();
    session.run("let kept = vec![1];").ok();
    let cell = session.run("std::thread::spawn(|| println!(\"{}\", kept.len()));");
    cell.fails_with(&["E0597", "variable of cell [1]", "`move` closure"]);
    session.run("kept").gives("[1]");
}

#[test]
fn what_is_not_finished_is_said_of_the_cells_own_text() {
    let mut session = Session::start();
    for (text, parts) in [
        ("1 +", ["found the end of the cell", "cell [1]:1:4"]),
        (
            "let v = vec![1];\nv.\n",
            ["the end of the cell", "cell [2]:2:3"],
        ),
        (
            "struct S { a: i32",
            ["this cell contains an unclosed delimiter", "cell [3]:1:"],
        ),
    ] {
        session.run(text).fails_with(&parts);
    }
    let cell = session.run("let s = 'abc';");
    let error = cell.error.clone().expect("an error");
    let traceback = error.traceback.join("\n");
    assert!(
        !traceback.contains("include") && !traceback.contains("`let` statement"),
        "{traceback}"
    );
    cell.fails_with(&["character literal"]);
}

#[test]
fn a_panic_hook_that_is_taken_away_is_back_in_the_next_cell_and_one_that_is_set_stays() {
    let mut session = Session::start();
    session.run("let _ = std::panic::take_hook();").ok();
    let cell = session.run("let n = 1;\npanic!(\"boom\")");
    cell.fails_with(&["boom", "cell [2]:2:1"]);
    assert_eq!(cell.stderr, "");
    session
        .run("let taken = std::panic::take_hook();\nstd::panic::set_hook(taken);")
        .ok();
    session
        .run("panic!(\"again\")")
        .fails_with(&["again", "cell [4]:1:1"]);
    session
        .run("std::panic::set_hook(Box::new(|_| println!(\"mine\")));")
        .ok();
    session
        .run("let _ = std::panic::catch_unwind(|| panic!(\"caught\"));")
        .prints("mine\n");
    session
        .run("let _ = std::panic::catch_unwind(|| panic!(\"caught\"));")
        .prints("mine\n");
}

#[test]
fn an_error_of_a_joined_thread_is_shown_by_its_panics_message() {
    let mut session = Session::start();
    session
        .run("std::thread::spawn(|| panic!(\"out of {}\", \"honey\")).join()?;")
        .fails_with(&["out of honey", "cell [1]:1:"]);
}

#[test]
fn a_threads_panic_is_printed_once_with_its_line() {
    let mut session = Session::start();
    let cell = session.run(
        "let t = woozle::threading::Thread::new(|| {\n    let pots = 0;\n    assert!(pots > 0, \"out of honey\");\n});\n\
         t.start();\nt.join()?;",
    );
    assert_eq!(
        cell.stderr,
        "Exception in thread Thread-1:\npanicked at cell [1]:3:5: out of honey\n"
    );
    cell.fails_with(&["out of honey", "cell [1]:3:5"]);
}
