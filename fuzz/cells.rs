//! A cell's text: whatever it is, it is taken apart or refused, and every place in what is generated from it leads back
//! into it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use woozle_kernel::compiler::plan::Plan;
use woozle_kernel::compiler::resolve::session_scope::Scope;
use woozle_kernel::compiler::syntax::cell::Parsed;
use woozle_kernel::compiler::syntax::is_complete::completeness;
use woozle_kernel::compiler::syntax::source::{Part, Source};
use woozle_kernel::compiler::syntax::tokens::Names;

fuzz_target!(|text: &str| {
    completeness(text);
    let Some(parsed) = Parsed::new(text, &Names::new()) else {
        return;
    };
    let _ = Plan::new(&parsed, &Scope::default());
    let edits = parsed.items.iter().flat_map(|item| item.edits.clone());
    let source = Source::new(1, text, edits.chain(parsed.checks.clone()).collect());
    for part in [Part::Items, Part::Body] {
        let rendered = source.render(part, &parsed.not_body, ' ');
        assert_eq!(rendered.matches('\n').count(), text.matches('\n').count());
        for at in 0..rendered.len() + 2 {
            assert!(source.original(at).is_none_or(|at| at <= text.len()));
        }
    }
});
