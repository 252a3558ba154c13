//! Small sources that make rustc say all that is relied on.

use super::clause::Clause::{self, Code, Form, Phrase};
use super::clause::Evidence;
use crate::compiler::rustc::contract::{code, level, phrase, unnamed};
use crate::compiler::rustc::mir;

/// A crate to compile, and what rustc has to say of it.
pub(super) struct Source {
    /// Its files: the first is its root.
    pub(super) files: &'static [(&'static str, &'static str)],
    /// What is made of it.
    pub(super) emit: &'static str,
    /// Of which type. An executable or a dynamic library needs a linker.
    pub(super) crate_type: &'static str,
    /// What is expected.
    pub(super) clauses: &'static [Clause],
}

const CHECK: &str = "metadata";
const LIBRARY: &str = "--crate-type=lib";
const DYNAMIC: &str = "--crate-type=dylib";

/// All of them. They are apart where one error keeps rustc from finding the next.
pub(super) const SOURCES: &[Source] = &[
    BORROWS, NAMES, AWAIT, BOUNDS, BREAK, IMPLS, UPSTREAM, CONSTANT, LINTS, LONG_TYPE, LINK, MIR,
    STRAY_LET, EMPTY, BRACE, DOT, UNCLOSED, STRING,
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

const AWAIT: Source = Source {
    files: &[("lib.rs", "pub fn f() { async {}.await }")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Code(code::AWAIT)],
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

const LINK: Source = Source {
    files: &[(
        "lib.rs",
        r#"
#[link(name = "woozle_no_such_library")] unsafe extern "C" { fn no_such_function(); }
pub fn f() { unsafe { no_such_function() } }
"#,
    )],
    emit: "link",
    crate_type: DYNAMIC,
    clauses: &[Form("the error of a linker that fails", |evidence| {
        // Without a linker nothing can be said of it.
        let mut errors = evidence.compiled.errors();
        evidence.says("linker `cc` not found")
            || errors.any(|error| error.message.starts_with(phrase::LINKING))
    })],
};

const MIR: Source = Source {
    files: &[("lib.rs", include_str!("kept.rs.txt"))],
    emit: "link,mir=cell.mir",
    crate_type: LIBRARY,
    clauses: &[
        Form("the message that tells of a library", |evidence| {
            evidence.has_library
        }),
        Form("types in the MIR", |evidence| {
            is_kept(evidence, 0, "Vec<i32>") && is_kept(evidence, 14, "&str")
        }),
        Form("the last expression's type in the MIR", |evidence| {
            mir::tail(&evidence.mir).as_deref() == Some("u16")
        }),
        Form("closures in the MIR", |evidence| {
            let signatures: Vec<_> = (1..=4).map(|number| signature(evidence, number)).collect();
            let expected = [
                "Fn(i32) -> i32",
                "Fn(usize) -> usize",
                "FnMut() -> u8",
                "FnOnce() -> String",
            ];
            let expected = expected.map(|bound| Some(bound.to_owned()));
            signatures == expected
        }),
        Form("closures that capture nothing in the MIR", |evidence| {
            let captures_nothing =
                |number| kept(evidence, number).is_some_and(|kept| kept.captures_nothing);
            captures_nothing(1) && !captures_nothing(2)
        }),
        Form("async blocks and closures in the MIR", |evidence| {
            begins(evidence, 5, unnamed::ASYNC)
                && begins(evidence, 6, unnamed::ASYNC_CLOSURE)
                && begins(evidence, 10, unnamed::ASYNC)
        }),
        Form("functions' own types in the MIR", |evidence| {
            is_kept(
                evidence,
                7,
                &format!("fn(i32) -> i32{}double}}", unnamed::FUNCTION),
            )
        }),
        Form("what iterators and futures give in the MIR", |evidence| {
            is_kept(evidence, 11, "u8") && is_kept(evidence, 12, "u16")
        }),
        Form("lifetimes in the MIR", |evidence| {
            let spelled = ["'_", unnamed::LIFETIME];
            let iter = kept(evidence, 13).map(|kept| kept.ty).unwrap_or_default();
            spelled
                .iter()
                .any(|lifetime| iter.ends_with(&format!("Iter<{lifetime}, u8>")))
        }),
    ],
};

fn kept(evidence: &Evidence, number: usize) -> Option<mir::Kept> {
    let mut all = mir::kept(&evidence.mir).into_iter();
    all.find(|kept| kept.number == number)
}

fn is_kept(evidence: &Evidence, number: usize, ty: &str) -> bool {
    kept(evidence, number).is_some_and(|kept| kept.ty == ty)
}

fn begins(evidence: &Evidence, number: usize, with: &str) -> bool {
    kept(evidence, number).is_some_and(|kept| kept.ty.starts_with(with))
}

fn signature(evidence: &Evidence, number: usize) -> Option<String> {
    let kept = kept(evidence, number)?;
    let is_closure =
        kept.ty.starts_with(unnamed::CLOSURE_AT) && kept.ty.starts_with(unnamed::CLOSURE);
    let signature = mir::signature(&evidence.mir, &kept.ty).filter(|_| is_closure);
    signature.map(|signature| signature.bound())
}

/// Texts that are not Rust are compiled as the statements of a cell are: by `include!`.
const INCLUDE: (&str, &str) = ("lib.rs", "pub fn f() { include!(\"1.body\") }");

const STRAY_LET: Source = Source {
    files: &[INCLUDE, ("1.body", " let x = 'honey';\n")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Form("an error that follows a lexer's", |evidence| {
        is_exactly(evidence, phrase::STRAY_LET)
    })],
};

const EMPTY: Source = Source {
    files: &[INCLUDE, ("1.body", "\n")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Form(
        "an error that follows one in an included file",
        |evidence| is_exactly(evidence, phrase::STRAY_INCLUDE),
    )],
};

fn is_exactly(evidence: &Evidence, text: &str) -> bool {
    let mut errors = evidence.compiled.errors();
    errors.any(|error| error.message == text)
}

const BRACE: Source = Source {
    files: &[INCLUDE, ("1.body", "{1 +\n}\n")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Phrase(phrase::FOUND_BRACE[0])],
};

const DOT: Source = Source {
    files: &[INCLUDE, ("1.body", "{x.\n}\n")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Phrase(phrase::FOUND_BRACE[1])],
};

const UNCLOSED: Source = Source {
    files: &[INCLUDE, ("1.body", " (\n")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Phrase(phrase::THIS_FILE)],
};

const STRING: Source = Source {
    files: &[INCLUDE, ("1.body", " \"honey\n")],
    emit: CHECK,
    crate_type: LIBRARY,
    clauses: &[Form("the codes of the lexer's errors", |evidence| {
        let mut errors = evidence.compiled.errors();
        errors.any(|error| error.code().starts_with(code::LEXER))
    })],
};
