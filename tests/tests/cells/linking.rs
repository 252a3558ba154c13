//! Cells are linked to what they use, by rustc's own lld, or by `cc` where that does not do.

use crate::support::Session;

#[test]
fn code_that_the_named_code_of_other_cells_uses_is_found() {
    let mut session = Session::start();
    session.run("static HONEY: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(4);\nfn taste() -> u8 { HONEY.fetch_add(1, std::sync::atomic::Ordering::SeqCst) }").ok();
    session
        .run("#[inline(always)] fn twice<T>(_: T) -> u8 { taste(); taste() }")
        .ok();
    session
        .run("macro_rules! often { ($e:expr) => { twice($e) } }")
        .ok();
    session.run("often!(\"x\")").gives("5");
    session
        .run("HONEY.load(std::sync::atomic::Ordering::SeqCst)")
        .gives("6");
}

#[test]
fn what_the_compiler_calls_is_there() {
    let mut session = Session::start();
    session
        .run("let big = u128::MAX / std::hint::black_box(3); (big % 1_000_007, std::hint::black_box(2.0f64).powf(0.5) as f32)")
        .gives("(14305, 1.4142135)");
}

#[test]
fn a_library_that_a_cell_names_is_linked_and_one_that_is_not_there_is_told() {
    let mut session = Session::start();
    let code = "#[link(name = \"m\")] unsafe extern \"C\" { fn sqrt(x: f64) -> f64; }\nunsafe { sqrt(9.0) }";
    session.run(code).gives("3.0");
    session.run("unsafe { sqrt(4.0) }").gives("2.0");
    session
        .run("#[link(name = \"no_such_honey\")] unsafe extern \"C\" { fn honey(); }\nunsafe { honey() }")
        .fails_with(&["linking with `cc` failed", "no_such_honey"]);
    session
        .run("unsafe extern \"C\" { fn no_such_taste(); }\nunsafe { no_such_taste() }")
        .fails_with(&["undefined symbol: no_such_taste"]);
    session.run("1 + 1").gives("2");
}

#[test]
fn another_linker_can_be_chosen_and_left_again() {
    let mut session = Session::start();
    session.run("fn one() -> u8 { 1 }").ok();
    session.run(":linker bfd").prints("linker: bfd\n");
    session
        .run("fn two() -> u8 { one() + 1 }\ntwo()")
        .gives("2");
    session.run(":linker system").prints("linker: system\n");
    session.run("two() + one()").gives("3");
}
