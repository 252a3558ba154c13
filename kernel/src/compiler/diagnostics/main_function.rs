//! A note on a `fn main`: no cell begins there.

use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::item::Kind;
use crate::compiler::syntax::test_functions;

/// The note, if a cell defines one that nothing in it calls.
pub(crate) fn note(parsed: &Parsed, text: &str) -> Option<String> {
    let is_main = |names: &[String]| names.iter().any(|name| name == "main");
    let mut functions = parsed
        .items
        .iter()
        .filter(|item| item.kind == Kind::Function);
    let main = functions.find(|item| is_main(&item.names))?;
    let mut statements = parsed.statements.iter();
    let text = &text[main.range.clone()];
    if statements.any(|statement| statement.names.contains("main"))
        || !test_functions::of(text).is_empty()
    {
        return None;
    }
    let function = syn::parse_str::<syn::ItemFn>(text).ok();
    let call = function.and_then(|function| {
        let sig = &function.sig;
        // What such an attribute makes of it, as tokio's does, is no longer async.
        let waits = sig.asyncness.is_some() && function.attrs.is_empty();
        let call = if waits { "main().await" } else { "main()" };
        sig.inputs.is_empty().then_some(call)
    });
    proc_macro2::extra::invalidate_current_thread_spans();
    let call = call?;
    Some(format!(
        "`main` is a function like any other in a notebook: `{call}` runs it"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiler::syntax::tokens::Names;

    #[test]
    fn a_main_that_nothing_calls_is_noted() {
        let noted = |text: &str| {
            let parsed = Parsed::new(text, &Names::new()).expect("Rust");
            note(&parsed, text)
        };
        for (text, call) in [
            ("fn main() {}", Some("`main()` runs")),
            ("async fn main() {}", Some("`main().await` runs")),
            ("#[tokio::main] async fn main() {}", Some("`main()` runs")),
            ("fn main() {}\nmain()", None),
            ("#[test] fn main() {}", None),
            ("mod m { fn main() {} }", None),
            ("let main = 1;", None),
        ] {
            let note = noted(text);
            let is_as_expected = match call {
                Some(call) => note.is_some_and(|note| note.contains(call)),
                None => note.is_none(),
            };
            assert!(is_as_expected, "{text}");
        }
    }
}
