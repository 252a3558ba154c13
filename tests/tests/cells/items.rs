//! Functions, types and impls that depend on each other over cells.

use crate::support::Session;

#[test]
fn a_function_sees_the_newest_definition_of_another_one() {
    let mut session = Session::start();
    session.run("fn b() -> u32 { 1 }").ok();
    session.run("fn a() -> u32 { 10 * b() }").ok();
    session.run("a()").gives("10");
    session.run("fn b() -> u32 { 5 }").ok();
    session.run("a()").gives("50");
}

#[test]
fn two_functions_of_two_cells_may_call_each_other() {
    let mut session = Session::start();
    session.run("fn even(n: u32) -> bool { n == 0 || odd(n - 1) }\nfn odd(n: u32) -> bool { n != 0 && even(n - 1) }").ok();
    session.run("fn odd(n: u32) -> bool { n % 2 == 1 }").ok();
    session.run("(even(10), even(7))").gives("(true, false)");
}

#[test]
fn an_impl_in_a_later_cell_serves_a_value_that_is_there() {
    let mut session = Session::start();
    session
        .run("struct Pot { honey: u32 }\nlet mut pot = Pot { honey: 1 };")
        .ok();
    session
        .run("impl Pot { fn fill(&mut self) { self.honey += 1; } }")
        .ok();
    session.run("pot.fill(); pot.honey").gives("2");
    session
        .run("impl Drop for Pot { fn drop(&mut self) { println!(\"empty\") } }\npot.fill();")
        .ok();
    session.run("drop(pot);").prints("empty\n");
}

#[test]
fn a_value_of_a_redefined_type_keeps_the_old_one_and_a_note_says_so() {
    let mut session = Session::start();
    session
        .run("#[derive(Debug)]\nstruct Pot { honey: u32 }\nlet pot = Pot { honey: 1 };")
        .ok();
    let cell = session
        .run("#[derive(Debug)]\nstruct Pot { honey: u32, lid: bool }")
        .ok();
    for part in ["note: ", "`pot`", "keeps the old", "cell [1]"] {
        assert!(cell.stderr.contains(part), "{cell:#?}");
    }
    session.run("pot.honey").gives("1");
    session
        .run("Pot { honey: 2, lid: true }")
        .gives("Pot { honey: 2, lid: true }");
}

#[test]
fn what_a_macro_of_the_session_defines_is_there_in_later_cells() {
    let mut session = Session::start();
    session
        .run(
            "macro_rules! record {\n    ($n:ident, $($f:ident: $t:ty),*) => {\n        struct $n { $($f: $t),* }\n        \
             impl $n { fn sum(&self) -> i32 { 0 $(+ self.$f)* } }\n    };\n}\nrecord!(Pt, x: i32, y: i32);\n\
             macro_rules! functions { ($($n:ident),*) => { $(fn $n() -> &'static str { stringify!($n) })* }; }\n\
             functions!(pooh, piglet);",
        )
        .ok();
    session.run("let pt = Pt { x: 1, y: 2 };").ok();
    session.run("(pt.sum(), pt.x)").gives("(3, 1)");
    session
        .run("[pooh(), piglet()]")
        .gives("[\"pooh\", \"piglet\"]");
}

#[test]
fn an_import_of_what_a_module_no_longer_has_is_left_out() {
    let mut session = Session::start();
    session
        .run("mod geo { pub struct Pt; pub fn origin() -> i32 { 0 } }\nuse geo::{Pt, origin};")
        .ok();
    session
        .run("mod geo { pub fn origin() -> i32 { 7 } }\norigin()")
        .gives("7");
    session.run("Pt").fails_with(&["E0425", "Pt"]);
}

/// rustc would compile it again in the cell that calls it, which is not optimised.
#[test]
fn a_function_with_a_loop_is_compiled_in_its_own_cell_alone() {
    let mut session = Session::start();
    let cell = "fn plain(n: u64) -> u64 { n ^ 5 }\n\
        fn looped(n: u64) -> u64 { let mut sum = 0; for i in 0..n { sum += i ^ 5; } sum }";
    session.run(cell).ok();
    session
        .run("fn both() -> (u64, u64) { (plain(4), looped(4)) }\nboth()")
        .gives("(1, 22)");
    let cells = "fn cells_with(name: &str) -> BTreeSet<String> {\n\
        let mangled = format!(\"{}{name}\", name.len());\n\
        let maps = std::fs::read_to_string(\"/proc/self/maps\").unwrap();\n\
        let paths = maps.lines().filter_map(|line| line.split_whitespace().last());\n\
        paths.filter(|path| path.contains(\"/libcell_\") && {\n\
            let nm = std::process::Command::new(\"nm\").arg(\"--defined-only\").arg(path).output().unwrap();\n\
            String::from_utf8_lossy(&nm.stdout).contains(&mangled)\n\
        }).map(str::to_owned).collect()\n}";
    session.run("use std::collections::BTreeSet;").ok();
    session.run(cells).ok();
    let same = |a, b| format!("(cells_with({a:?}) == cells_with({b:?}), cells_with({a:?}).len())");
    session.run(&same("looped", "both")).gives("(false, 1)");
    // What does not run long is taken along, so that an optimised loop can have it inlined.
    session.run(&same("plain", "both")).gives("(true, 1)");
}

#[test]
fn what_does_not_compile_with_a_redefined_item_waits_and_a_note_says_so() {
    let mut session = Session::start();
    session.run("fn a() -> i32 { 1 }").ok();
    session
        .run("fn b() -> i32 { a() + 1 }\nfn c() -> i32 { b() * 2 }")
        .ok();
    let cell = session.run("fn a() -> String { \"x\".into() }").ok();
    for part in [
        "`b` of cell [2] cannot be used for now",
        "`c` of cell [2] cannot be used for now",
        "mismatched types",
    ] {
        assert!(cell.stderr.contains(part), "{part}: {cell:?}");
    }
    session.run("a()").gives("\"x\"");
    session
        .run("b()")
        .fails_with(&["E0425", "does not compile", "cell [3]", "comes back"]);
    session.run("fn b() -> usize { a().len() }\nb()").gives("1");
    // What the cell itself gets wrong changes nothing.
    session.run("fn a() -> u8 { \"\" }").fails_with(&["E0308"]);
    session.run("(a(), b())").gives("(\"x\", 1)");
}

#[test]
fn a_macro_of_an_earlier_cell_is_there_within_a_module() {
    let mut session = Session::start();
    session.run("macro_rules! seven { () => { 7 } }").ok();
    session
        .run("mod m { pub fn f() -> i32 { seven!() } }\nm::f() + seven!()")
        .gives("14");
}
