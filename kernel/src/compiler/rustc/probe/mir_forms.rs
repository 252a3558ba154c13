//! A source with variables of all the kinds whose types are read from the MIR.

use super::clause::Clause::Form;
use super::clause::{DYNAMIC, Evidence, Source};
use crate::compiler::rustc::contract::unnamed;
use crate::compiler::rustc::mir;

pub(super) const MIR: Source = Source {
    files: &[("lib.rs", include_str!("kept.rs.txt"))],
    emit: "obj,metadata,mir=cell.mir",
    crate_type: DYNAMIC,
    clauses: &[
        Form("the message that tells of an object", |evidence| {
            evidence.has_object
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
