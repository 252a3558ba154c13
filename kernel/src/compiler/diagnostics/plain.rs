//! rustc's words without the names that only generated code has.

use woozle::protocol::without_crates;

use crate::compiler::names;
use crate::compiler::rustc::contract::phrase;
use crate::compiler::types::reexports;

/// A text of rustc's without the names that only generated code has.
pub fn plain(text: &str) -> String {
    let mut plain = without_crates(text);
    for never in ["::woozle::cell::Never", "woozle::cell::Never"] {
        plain = plain.replace(never, "!");
    }
    let entry = format!("{}{}", phrase::EVALUATION_OF, names::ENTRY);
    if let Some((before, rest)) = plain.split_once(&entry)
        && let Some((_, after)) = rest.split_once('`')
    {
        plain = format!("{before}evaluation{after}");
    }
    let krate = format!("crate `{}", names::CRATE);
    while let Some((before, rest)) = plain.split_once(&krate)
        && let Some((_, after)) = rest.split_once('`')
    {
        plain = format!("{before}another cell{after}");
    }
    // The root of a cell's crate imports it by `extern crate`, so rustc finds it there, too.
    let plain = plain.replace("crate::woozle::", "woozle::");
    let plain = plain.replace("::woozle::names::", "woozle::names::");
    reexports::without_reexports(&plain).replace("woozle::cell::", "")
}
