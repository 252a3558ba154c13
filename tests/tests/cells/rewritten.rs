//! Cells that are edited and run again, and items that several cells have a part in.

use crate::support::Session;

/// Runs the versions of a cell one after another; each gives its result, without a note.
fn versions(session: &mut Session, versions: &[(&str, &str)]) {
    for (text, result) in versions {
        let cell = session.run(text);
        assert!(!cell.stderr.contains("note"), "{text}: {}", cell.stderr);
        if result.is_empty() {
            cell.ok();
        } else {
            cell.gives(result);
        }
    }
}

#[test]
fn an_impl_with_other_bounds_or_another_path_takes_the_place_of_the_old_one() {
    let mut session = Session::start();
    versions(
        &mut session,
        &[
            (
                "struct Jar<T> { pots: Vec<T> }\nimpl<T> Jar<T> { fn show(&self) -> u32 { 0 } fn len(&self) -> usize { self.pots.len() } }",
                "",
            ),
            (
                "impl<T: Ord> Jar<T> { fn show(&self) -> u32 { 1 } }\n(Jar { pots: vec![3] }).show()",
                "1",
            ),
            ("(Jar { pots: vec![3] }).len()", "1"),
            (
                "use std::fmt;\nstruct Bear;\nimpl fmt::Display for Bear { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { f.write_str(\"Pooh\") } }",
                "",
            ),
            (
                "impl std::fmt::Display for Bear { fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { f.write_str(\"Winnie\") } }\nBear.to_string()",
                "\"Winnie\"",
            ),
            (
                "use std::ops::Add;\nstruct P<T>(T);\nimpl<T: Add<Output = T>> Add for P<T> { type Output = P<T>; fn add(self, o: P<T>) -> P<T> { P(self.0 + o.0) } }\n(P(1) + P(2)).0",
                "3",
            ),
            (
                "struct P<T>(T);\nimpl<T: Add<Output = T> + Copy> Add for P<T> { type Output = P<T>; fn add(self, o: P<T>) -> P<T> { P(self.0 + o.0 + o.0) } }\n(P(1) + P(2)).0",
                "5",
            ),
            (
                "struct G<T>(T);\nimpl<T> G<T> { fn g(&self) -> u32 { 1 } }\nG(0).g()",
                "1",
            ),
            (
                "struct G<T, const N: usize>([T; N]);\nimpl<T, const N: usize> G<T, N> { fn g(&self) -> usize { N } }\nG([0, 0]).g()",
                "2",
            ),
            (
                "trait Shape<T> { fn area(&self) -> T; }\nstruct Square(f64);\nimpl Shape<f64> for Square { fn area(&self) -> f64 { self.0 } }\nSquare(2.0).area()",
                "2.0",
            ),
            (
                "trait Shape { type Out; fn area(&self) -> Self::Out; }\nstruct Square(f64);\nimpl Shape for Square { type Out = f64; fn area(&self) -> f64 { self.0 * self.0 } }\nSquare(3.0).area()",
                "9.0",
            ),
        ],
    );
}

#[test]
fn an_impl_that_overlaps_with_an_older_one_ends_it() {
    let mut session = Session::start();
    versions(
        &mut session,
        &[
            (
                "use std::fmt::{Debug, Display};\ntrait Say { fn say(&self) -> String; }\nimpl<T: Debug> Say for T { fn say(&self) -> String { format!(\"{self:?}\") } }\n\"x\".say()",
                "\"\\\"x\\\"\"",
            ),
            (
                "impl<T: Display> Say for T { fn say(&self) -> String { format!(\"{self}\") } }\n\"x\".say()",
                "\"x\"",
            ),
            (
                "trait Len { fn length(&self) -> usize; }\nimpl Len for Vec<i32> { fn length(&self) -> usize { 1 } }",
                "",
            ),
            (
                "impl<T> Len for Vec<T> { fn length(&self) -> usize { 2 } }\nvec![1].length()",
                "2",
            ),
        ],
    );
    session
        .run("#[derive(Debug)] struct D(i32);\nimpl Clone for D { fn clone(&self) -> D { D(7) } }")
        .ok();
    let cell = session.run("#[derive(Debug, Clone)] struct D(i32);\nD(1).clone()");
    assert!(
        cell.stderr
            .contains("`impl Clone for D` of cell [5] has ended"),
        "{}",
        cell.stderr
    );
    cell.gives("D(1)");
}

#[test]
fn a_cell_that_makes_impls_by_a_macro_runs_again() {
    let mut session = Session::start();
    let zero = |value: u32| {
        format!(
            "trait Zero {{ fn zero() -> Self; }}\n\
             macro_rules! zero {{ ($($t:ty),*) => {{ $(impl Zero for $t {{ fn zero() -> $t {{ {value} as $t }} }})* }} }}\n\
             zero!(i32, f64);\ni32::zero()"
        )
    };
    let shown = |text: &str| {
        format!(
            "struct Top(u32);\nmacro_rules! shown {{ ($t:ident, $f:literal) => {{ impl std::fmt::Display for $t {{\n\
             fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {{ write!(f, $f, self.0) }} }} }} }}\n\
             shown!(Top, \"{text}\");\nTop(1).to_string()"
        )
    };
    versions(
        &mut session,
        &[
            (&zero(0), "0"),
            (&zero(0), "0"),
            (&zero(1), "1"),
            ("zero!(u8);\n(u8::zero(), f64::zero())", "(1, 1.0)"),
            (&shown("<{}>"), "\"<1>\""),
            (&shown("({})"), "\"(1)\""),
        ],
    );
}

#[test]
fn arguments_of_a_macro_that_makes_items_are_what_they_were() {
    let mut session = Session::start();
    versions(
        &mut session,
        &[
            (
                "use std::sync::atomic::{AtomicU32, Ordering::SeqCst};\nfn seven() -> u32 { 7 }\nstruct Pot(u32);\nstatic COUNT: AtomicU32 = AtomicU32::new(1);\nfn bump() -> u32 { COUNT.fetch_add(1, SeqCst) }",
                "",
            ),
            (
                "macro_rules! function { ($n:ident => $e:expr) => { fn $n() -> u32 { $e } } }\nmacro_rules! wrap { ($n:ident, $t:ty) => { struct $n($t); } }",
                "",
            ),
            (
                "function!(eight => seven() + 1);\nfunction!(count => COUNT.load(SeqCst));\nwrap!(Jar, Pot);",
                "",
            ),
            ("bump();\n(eight(), count(), Jar(Pot(3)).0.0)", "(8, 2, 3)"),
            ("function!(eight => seven() + 2);\neight()", "9"),
        ],
    );
}

#[test]
fn an_impl_finds_its_type_by_any_name() {
    let mut session = Session::start();
    versions(
        &mut session,
        &[
            (
                "mod shapes { pub struct Circle { pub r: f64 } }\nuse shapes::Circle;",
                "",
            ),
            (
                "impl Circle { fn twice(&self) -> f64 { self.r * 2.0 } }\nCircle { r: 2.0 }.twice()",
                "4.0",
            ),
            (
                "impl std::fmt::Debug for Circle { fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { f.write_str(\"O\") } }\nCircle { r: 1.0 }",
                "O",
            ),
            ("struct Top(u8);\ntype Alias = Top;\nlet top = Top(1);", ""),
            (
                "impl Alias { fn get(&self) -> u8 { self.0 } }\ntop.get()",
                "1",
            ),
            ("use Top as Renamed;", ""),
            (
                "impl Renamed { fn next(&self) -> u8 { self.0 + 1 } }\ntop.next()",
                "2",
            ),
            (
                "macro_rules! newtype { ($n:ident($t:ty)) => { struct $n($t); } }\nnewtype!(Km(f64));",
                "",
            ),
            (
                "impl Km { fn metres(&self) -> f64 { self.0 * 1000.0 } }\nKm(2.0).metres()",
                "2000.0",
            ),
            ("trait Extent { fn extent(&self) -> usize; }", ""),
            ("type Grid = Vec<Vec<u8>>;", ""),
            (
                "impl Extent for Grid { fn extent(&self) -> usize { self.len() } }\nvec![vec![0u8]].extent()",
                "1",
            ),
            ("struct Inner;", ""),
            (
                "mod one { impl super::Inner { pub fn one(&self) -> u8 { 1 } } }",
                "",
            ),
            (
                "mod two { impl super::Inner { pub fn two(&self) -> u8 { 2 } } }\n(Inner.one(), Inner.two())",
                "(1, 2)",
            ),
            (
                "#[derive(Debug, Clone, Copy)] struct N(i32);\nlet n = N(3);",
                "",
            ),
            (
                "macro_rules! op { ($t:ident, $m:ident, $op:tt) => { impl std::ops::$t for N { type Output = N; fn $m(self, o: N) -> N { N(self.0 $op o.0) } } } }\nop!(Add, add, +);\nop!(Mul, mul, *);",
                "",
            ),
            ("(n + n) * n", "N(18)"),
        ],
    );
}

#[test]
fn impls_that_one_crate_may_have_may_stand_in_several_cells() {
    let mut session = Session::start();
    let blanket = |word: &str| {
        format!(
            "trait Say {{ fn say(&self) -> String; }}\nimpl<T: std::fmt::Debug> Say for T {{ fn say(&self) -> String {{ \"{word}\".into() }} }}\n1.say()"
        )
    };
    versions(
        &mut session,
        &[
            (&blanket("any"), "\"any\""),
            (
                "struct Mine;\nimpl Say for Mine { fn say(&self) -> String { \"mine\".into() } }\nMine.say()",
                "\"mine\"",
            ),
            (&blanket("all"), "\"all\""),
            ("Mine.say()", "\"mine\""),
            ("trait Marked {}\ntrait Told { fn told(&self) -> u8; }", ""),
            (
                "impl<T: Marked> Told for T { fn told(&self) -> u8 { 1 } }",
                "",
            ),
            (
                "impl Told for String { fn told(&self) -> u8 { 2 } }\nString::new().told()",
                "2",
            ),
        ],
    );
}

#[test]
fn a_cell_with_a_type_and_its_value_runs_again_without_a_note() {
    let mut session = Session::start();
    versions(
        &mut session,
        &[
            ("struct S { a: i32 }\nlet s = S { a: 1 };", ""),
            ("struct S { a: i64 }\nlet s = S { a: 2 };", ""),
        ],
    );
    let cell = session.run("struct S { a: u8 }").ok();
    assert!(
        cell.stderr.contains(
            "`s` of cell [2] is of a type that was defined anew, and keeps the old one; assign it again"
        ),
        "{}",
        cell.stderr
    );
    session.run("s.a").gives("2");
}

#[test]
fn members_that_a_macro_makes_have_no_visibility_of_their_own() {
    let mut session = Session::start();
    session
        .run("macro_rules! body { () => { fn m(&self) -> u8 { 4 } } }\ntrait HasM { fn m(&self) -> u8; }\nimpl HasM for u8 { body!(); }\n1u8.m()")
        .gives("4");
}

#[test]
fn a_static_goes_on_when_what_is_around_it_is_compiled_again() {
    let mut session = Session::start();
    versions(
        &mut session,
        &[
            (
                "use std::sync::Mutex;\nuse std::sync::atomic::{AtomicU32, Ordering::SeqCst};\nstruct Track(u32);\nstatic TRACKS: Mutex<Vec<Track>> = Mutex::new(Vec::new());\nTRACKS.lock()?.push(Track(1));",
                "",
            ),
            // The type gets a method, so that it is compiled again, and the static with it.
            (
                "impl Track { fn paws(&self) -> u32 { self.0 * 4 } }\nTRACKS.lock()?.push(Track(2));\nTRACKS.lock()?.iter().map(Track::paws).sum::<u32>()",
                "12",
            ),
            (
                "impl Track { fn step(&self) -> u32 { 7 } }\nTRACKS.lock()?.len()",
                "2",
            ),
            // In functions, methods, modules; of references.
            (
                "fn by() -> u32 { 1 }\nfn count() -> u32 { static N: AtomicU32 = AtomicU32::new(0); N.fetch_add(by(), SeqCst) }\ncount();\ncount()",
                "1",
            ),
            ("fn by() -> u32 { 10 }\ncount()", "2"),
            ("count()", "12"),
            (
                "struct Clock;\nimpl Clock { fn tick(&self) -> u32 { static T: AtomicU32 = AtomicU32::new(5); T.fetch_add(1, SeqCst) } }\nClock.tick()",
                "5",
            ),
            ("impl Clock { fn stop(&self) {} }\nClock.tick()", "6"),
            (
                "mod wood { use super::*; pub static Q: AtomicU32 = AtomicU32::new(1); static NAMES: [&str; 1] = [\"Pooh\"];\npub fn q() -> (u32, &'static str) { (Q.fetch_add(by(), SeqCst), NAMES[0]) } }\nwood::q()",
                "(1, \"Pooh\")",
            ),
            ("fn by() -> u32 { 3 }\nwood::q()", "(11, \"Pooh\")"),
            ("wood::Q.load(SeqCst)", "14"),
            // The elided lifetime has to be written out where it is taken from another crate.
            (
                "static LAST: Mutex<Option<std::borrow::Cow<str>>> = Mutex::new(None);\nfn last() -> bool { LAST.lock().unwrap().is_some() }\n*LAST.lock()? = Some(\"x\".into());",
                "",
            ),
            (
                "trait Handler: Send { fn run(&self) -> u32; }\nstatic ALL: Mutex<Vec<Box<dyn Handler>>> = Mutex::new(Vec::new());\nstruct H;\nimpl Handler for H { fn run(&self) -> u32 { 7 } }\nALL.lock()?.push(Box::new(H));",
                "",
            ),
            (
                "impl dyn Handler { fn twice(&self) -> u32 { self.run() * 2 } }\nALL.lock()?.iter().map(|h| h.twice()).sum::<u32>()",
                "14",
            ),
            // Defined again, it begins anew.
            (
                "static TRACKS: Mutex<Vec<Track>> = Mutex::new(Vec::new());\nTRACKS.lock()?.len()",
                "0",
            ),
        ],
    );
    session
        .run("const STEP: u32 = 1;\nstatic STEPS: AtomicU32 = AtomicU32::new(STEP);")
        .ok();
    let cell = session.run("const STEP: u32 = 100;\nSTEPS.load(SeqCst)");
    assert!(
        cell.stderr.contains("the static `STEPS` begins anew"),
        "{}",
        cell.stderr
    );
    cell.gives("100");
    // What has another layout now is no longer the same.
    session.run("TRACKS.lock()?.push(Track(1));").ok();
    let cell = session.run("struct Track { left: bool }\nTRACKS.lock()?.len()");
    assert!(
        cell.stderr.contains("the static `TRACKS` begins anew"),
        "{}",
        cell.stderr
    );
    cell.gives("0");
}
