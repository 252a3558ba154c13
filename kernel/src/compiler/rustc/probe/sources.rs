//! Sources with errors and warnings of all the kinds that are relied on.

use super::clause::Clause::{Code, Form, Phrase};
use super::clause::{CHECK, DYNAMIC, LIBRARY, Source};
use super::mir_forms::MIR;
use super::not_rust::{BRACE, DOT, EMPTY, STRAY_LET, STRING, UNCLOSED};
use crate::compiler::rustc::contract::{code, level, phrase, unnamed};

/// All of them. They are apart where one error keeps rustc from finding the next.
pub(super) const SOURCES: &[Source] = &[
    BORROWS, NAMES, NO_CRATE, AWAIT, INFERENCE, BOUNDS, BREAK, IMPLS, UPSTREAM, CONSTANT, LINTS,
    LONG_TYPE, MIR, STRAY_LET, EMPTY, BRACE, DOT, UNCLOSED, STRING,
];

const BORROWS: Source = Source {
    files: &[(
        "lib.rs",
        r#"
use std::fmt::Debug;
fn keep<T>(_: T) {}
pub fn e0381() { let v: String; drop(v); }
pub fn e0382() { let v = String::new(); drop(v); drop(v); }
pub fn e0505() { let v = String::new(); let r = &v; drop(v); keep(r); }
pub fn e0506() { let mut v = 1; let r = &v; v = 2; keep(r); }
pub fn e0515() -> &'static str { let v = String::new(); &v }
pub fn e0521(v: &str) { std::thread::spawn(move || v.len()); }
pub fn e0716() { let r: &String; r = &String::new(); keep(r); }
pub fn e0373() { let v = String::new(); std::thread::spawn(|| v.len()); }
pub fn e0310<T: Debug>(v: T) -> Box<dyn Debug> { Box::new(v) }
pub fn e0499() { let mut v = 1; let a = &mut v; let b = &mut v; keep(a); keep(b); }
pub fn e0502() { let mut v = 1; let a = &v; let b = &mut v; keep(a); keep(b); }
pub fn e0503() { let mut v = 3; let r = &mut v; let _s = v + 1; *r = 1; }
pub fn e0500(v: &mut Vec<u8>) { let a = &mut *v; let b = || v.push(1); keep(a); keep(b); }
pub fn e0501(v: &mut Vec<u8>) { let a = || v.push(1); let b = &v; keep(a); keep(b); }
pub fn e0524(v: &mut Vec<u8>) { let a = || { *v = vec![] }; let b = || { *v = vec![] }; keep(a); keep(b); }
pub struct Pot { jam: String }
pub fn e0507(v: &mut Pot) { drop(v.jam); }
pub struct Jar(String);
impl Drop for Jar { fn drop(&mut self) {} }
pub fn e0509(v: Jar) { keep(v.0); }
pub fn taken(v: (String, String)) { let all = || { keep(&v); drop(v.0); }; keep(all); keep(v); }
pub fn e0596(spoon: &&mut u8) { keep(&mut **spoon); }
pub fn part() { let v = (String::new(), 1); drop(v.0); keep(v); }
pub fn dropped() { let mut v = 1; let _b: Box<dyn Fn()> = Box::new(|| keep(&v)); v = 2; }
pub fn outlives<'a>(v: &'a str) { fn is_static<T: 'static>(_: T) {} is_static(v); }
pub fn returned<'a>(v: &'a [String]) -> Vec<&'static str> { v.iter().map(|s| s.as_str()).collect() }
pub fn e0597() { let r; { let honey = String::new(); r = &honey; } keep(r); }
pub fn lifetime<'a, 'b>(_: &'a str, b: &'b str) -> &'a str { b }
pub trait Deserialize<'de> {}
impl<'de: 'a, 'a> Deserialize<'de> for &'a str {}
fn take<F: Fn(T), T: for<'de> Deserialize<'de>>(_: F) {}
pub fn general() { take(|_: &'static str| ()); }
"#,
    )],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[
        Code(code::UNINITIALISED),
        Code(code::USED_AFTER_MOVE),
        Code(code::OUTLIVES),
        Code(code::MOVED_WHILE_BORROWED),
        Form("the codes of moves out of what stays", |evidence| {
            code::MOVED_OUT
                .iter()
                .all(|code| Code(code).holds(evidence))
        }),
        Form(
            "a move out of a reference, with the path of the part",
            |evidence| {
                let mut errors = evidence.compiled.errors();
                errors.any(|error| {
                    error.code() == code::MOVED_OUT[0] && error.named() == Some("v.jam")
                })
            },
        ),
        Form("what is behind a `&`, as a place", |evidence| {
            let mut errors = evidence.compiled.errors();
            errors.any(|error| {
                error.code() == code::BEHIND_SHARED && error.named() == Some("**spoon")
            })
        }),
        Phrase(phrase::BUT_BORROWS),
        Phrase(phrase::MOVED_IN_PART),
        Phrase(phrase::PART),
        Form(
            "the label of the use for which a closure takes a value",
            |evidence| {
                let mut errors = evidence.compiled.errors();
                errors.any(|error| {
                    let mut labels = error.spans.iter().filter_map(|span| span.label.as_deref());
                    labels.any(|label| label == phrase::CAPTURED_FOR)
                })
            },
        ),
        Phrase(phrase::WHEN_DROPPED),
        Phrase(phrase::MUST_OUTLIVE),
        Phrase(phrase::FOR_EVER),
        Phrase(phrase::RETURNING),
        Form("the codes of borrow errors", |evidence| {
            code::BORROWS.iter().all(|code| Code(code).holds(evidence))
        }),
        Form("an error on a lifetime", |evidence| {
            let mut errors = evidence.compiled.errors();
            errors.any(|error| error.code().is_empty() && error.message == phrase::LIFETIME)
        }),
        Form("\"`NAME` does not live long enough\"", |evidence| {
            let mut errors = evidence.compiled.errors();
            errors.any(|error| error.message == format!("`honey` {}", phrase::ENDS_EARLY))
        }),
        Form(
            "\"... is not general enough\", with the type in a note",
            |evidence| {
                let mut errors = evidence.compiled.errors();
                let error = errors.find(|error| error.message.ends_with(phrase::NOT_GENERAL));
                let note = error.and_then(|error| error.children.first());
                note.is_some_and(|note| note.message.starts_with("`&"))
            },
        ),
        Form("the last error, which counts the others", |evidence| {
            let messages = &evidence.compiled.messages;
            let counts = |level: &str, text: &str| {
                level == level::ERROR && text.starts_with(phrase::ABORTING)
            };
            messages
                .iter()
                .any(|message| counts(&message.level, &message.message))
        }),
    ],
};

const NAMES: Source = Source {
    files: &[(
        "lib.rs",
        r#"
use std::nothing::Nothing;
use std::string::String as Same; pub struct Same;
pub fn value() { honey; }
pub fn ty(_: NoSuchType) {}
impl NoSuchTrait for u8 {}
pub fn literal() { NoSuchStruct { a: 1 }; }
pub fn krate() { no_such_crate::f(); }
pub fn item() { let outer = 1; fn inner() { outer; } }
mod m { fn private() {} } pub fn private() { m::private(); }
pub fn lifetime() -> &str { "" }
pub fn import() { HashMap::<u8, u8>::new(); }
pub fn no_value() { println(1); }
"#,
    )],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[
        Form("the codes of imports that lead nowhere", |evidence| {
            code::ABSENT_IMPORT
                .iter()
                .all(|code| Code(code).holds(evidence))
        }),
        Code(code::UNKNOWN_VALUE),
        Code(code::NO_VALUE),
        Code(code::CAPTURED_BY_ITEM),
        Code(code::LIFETIME_MISSING),
        Form("the code of what is private", |evidence| {
            let mut errors = evidence.compiled.errors();
            errors.any(|error| {
                error.message.contains("private") && code::UNNAMEABLE.contains(&error.code())
            })
        }),
        Form("the codes of unknown names", |evidence| {
            // E0412 has become E0425.
            let known: &[&str] = &["E0405", "E0422", "E0432", "E0433"];
            let mut errors = evidence.compiled.errors();
            known
                .iter()
                .all(|code| code::NOT_FOUND.contains(code) && Code(code).holds(evidence))
                && errors.any(|error| {
                    let is_type = error.message.contains("`NoSuchType`");
                    is_type
                        && code::NOT_FOUND.contains(&error.code())
                        && code::UNNAMEABLE.contains(&error.code())
                })
        }),
        Form("\"cannot find KIND `NAME`\"", |evidence| {
            let wanted = format!("{}value `honey`", phrase::CANNOT_FIND);
            evidence.says(&wanted)
        }),
        Form("the name of a missing crate", |evidence| {
            evidence.says(&format!("{}no_such_crate`", phrase::MISSING_CRATE))
        }),
        Phrase(phrase::IMPORTING),
    ],
};

const NO_CRATE: Source = Source {
    files: &[("lib.rs", "extern crate no_such_crate;")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Code(code::NO_CRATE), Phrase(phrase::NO_CRATE)],
};

const AWAIT: Source = Source {
    files: &[("lib.rs", "pub fn f() { async {}.await }")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Code(code::AWAIT)],
};

const INFERENCE: Source = Source {
    files: &[(
        "lib.rs",
        r#"
pub fn e0282() { let _v = Vec::new(); }
pub fn e0283() { let _v = (0..3).map(|x| x).sum(); }
pub fn e0284() { let _v = "5".parse().unwrap(); }
pub fn e0790() { let _v = Default::default(); }
pub fn mismatch(n: u64) -> i32 { n }
"#,
    )],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[
        Form("the codes of errors of inference", |evidence| {
            code::INFERENCE
                .iter()
                .all(|code| Code(code).holds(evidence))
        }),
        Form("the types that do not match, in a label", |evidence| {
            let mut errors = evidence.compiled.errors();
            let error = errors.find(|error| error.code() == code::MISMATCHES[0]);
            let mut labels = error.iter().flat_map(|error| &error.spans);
            labels.any(|span| span.label.as_deref() == Some("expected `i32`, found `u64`"))
        }),
    ],
};

const BOUNDS: Source = Source {
    files: &[(
        "lib.rs",
        r#"
pub trait Serialize {}
impl<T: Serialize, E: Serialize> Serialize for Result<T, E> {}
impl Serialize for u8 {}
fn task<T: Serialize>(_: T) {}
pub struct S;
pub fn result(r: Result<u8, S>) { task(r) }
pub fn method() { S.nope() }
pub fn item() { let _: Box<dyn Iterator<Item = u8>> = Box::new(vec![1_u16].into_iter()); }
fn show<T: std::fmt::Debug>(_: T) {}
pub fn closure() { show(|| 1); }
pub fn question_mark() { let _ = || -> Result<(), ()> { None::<u8>?; Ok(()) }; }
"#,
    )],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[
        Form("the codes of bounds that do not hold", |evidence| {
            code::BOUNDS.iter().all(|code| Code(code).holds(evidence))
        }),
        Phrase(phrase::REQUIRED_BY),
        Form("\"required for `TYPE`\"", |evidence| {
            evidence.says(&format!("{}`Result<u8, S>`", phrase::REQUIRED_FOR))
        }),
        Phrase(phrase::IN_CLOSURE.0),
        Form("the place in a closure's type", |evidence| {
            evidence.says(&format!("{}lib.rs:11:25: 11:27}}", unnamed::CLOSURE_AT))
        }),
    ],
};

const BREAK: Source = Source {
    files: &[("lib.rs", "pub fn f() { let _ = || { break; }; }")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Phrase(phrase::INSIDE_CLOSURE.0)],
};

const IMPLS: Source = Source {
    files: &[(
        "lib.rs",
        r#"
use std::fmt::{Debug, Display};
pub struct S; impl S { pub fn f() {} } impl S { pub fn f() {} }
pub trait T {} impl T for u8 {} impl T for u8 {}
impl Vec<u8> { fn honey() {} }
impl Display for Vec<u8> {}
impl<V> Debug for V {}
"#,
    )],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[
        Code(code::DUPLICATE_METHOD),
        Code(code::OVERLAP),
        Form("the codes of impls in the wrong crate", |evidence| {
            code::ORPHAN.iter().all(|code| Code(code).holds(evidence))
        }),
    ],
};

const UPSTREAM: Source = Source {
    files: &[(
        "lib.rs",
        "pub trait U {} impl<V: std::fmt::Display> U for V {} impl U for Vec<u8> {}",
    )],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Form("an overlap that there may be some day", |evidence| {
        let mut errors = evidence.compiled.errors();
        errors.any(|error| error.code() == code::OVERLAP && error.says(phrase::FUTURE_OVERLAP))
    })],
};

const CONSTANT: Source = Source {
    files: &[(
        "lib.rs",
        r#"
pub struct C<T>(T);
impl<T> C<T> { const CHECK: () = assert!(size_of::<T>() > 100, "honey"); }
pub fn f() { C::<u8>::CHECK }
"#,
    )],
    emit: "link",
    crate_type: DYNAMIC,
    clauses: &[
        Form("a constant that panics", |evidence| {
            evidence.says(&format!("{}honey", phrase::CONST_PANIC))
        }),
        Phrase(phrase::EVALUATION_OF),
    ],
};

const LINTS: Source = Source {
    files: &[(
        "lib.rs",
        "fn f() -> Result<(), ()> { Ok(()) } pub fn g() { f(); }",
    )],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[
        Phrase(phrase::LINT_FLAG),
        Form("the level of warnings", |evidence| {
            let mut messages = evidence.compiled.messages.iter();
            messages.any(|message| message.level == level::WARNING)
        }),
    ],
};

const LONG_TYPE: Source = Source {
    files: &[(
        "lib.rs",
        r#"
type A = Option<Result<String, Vec<u8>>>; type B = (A, A, A, A, A, A); type C = (B, B, B, B);
pub fn f(c: (C, C, C)) { let _: u8 = c; }
"#,
    )],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Phrase(phrase::TYPE_IN_FILE), Phrase(phrase::USE_VERBOSE)],
};
