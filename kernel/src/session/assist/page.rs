//! What is known of a name, as a page in plain text and in Markdown.
//!
//! Not in HTML: front ends would prefer it, and they render Markdown well.

use serde_json::Value;

use super::entry::Entry;
use crate::wire::content::MimeBundle;

/// The page; with the whole definition if it is asked for.
pub(super) fn page(entry: &Entry, whole: bool) -> MimeBundle {
    let definition = entry.definition.as_deref().filter(|_| whole);
    let code = definition.unwrap_or(&entry.signature);
    let owner = entry.owner.as_deref();
    let heading = match owner {
        Some(owner) => format!("{} of {owner}", entry.kind.word()),
        None => entry.kind.word().to_owned(),
    };
    let forms = [
        ("text/plain", plain(entry, &heading, code)),
        ("text/markdown", markdown(entry, &heading, code)),
    ];
    let forms = forms.into_iter();
    forms
        .map(|(mime, text)| (mime.to_owned(), Value::from(text)))
        .collect()
}

fn plain(entry: &Entry, heading: &str, code: &str) -> String {
    let mut parts = vec![code.to_owned(), heading.to_owned()];
    parts.extend(entry.facts.iter().cloned());
    if !entry.doc.is_empty() {
        parts.push(format!("\n{}", entry.doc));
    }
    parts.join("\n")
}

fn markdown(entry: &Entry, heading: &str, code: &str) -> String {
    let mut text = format!("```rust\n{code}\n```\n*{heading}*\n");
    for fact in &entry.facts {
        text.push_str(&format!("- {}\n", fact.replace('`', "'")));
    }
    if !entry.doc.is_empty() {
        text.push_str(&format!("\n{}\n", entry.doc));
    }
    text
}
