//! What is known of a name, as a page in plain text and in Markdown.
//!
//! Not in HTML: front ends would prefer it, and they render Markdown well.

use serde_json::Value;

use super::entry::Entry;
use crate::analyzer::protocol::Page;
use crate::wire::content::MimeBundle;

/// A page of the analyzer's, with what the session knows besides.
pub(super) fn analyzed(page: &Page, facts: &[String]) -> MimeBundle {
    let (mut plain, mut markdown) = (page.plain.clone(), page.markdown.clone());
    if !facts.is_empty() {
        plain.push_str("\n\n");
        plain.push_str(&facts.join("\n"));
        markdown.push_str("\n\n");
        markdown.push_str(&list(facts));
    }
    bundle(plain, markdown)
}

/// A page that says something about the page itself, or adds that to one.
pub(super) fn note(data: &mut MimeBundle, note: &str) {
    let mut forms = bundle(note.to_owned(), format!("*{note}*"));
    for (mime, text) in data.iter() {
        if let (Some(text), Some(note)) = (text.as_str(), forms.get(mime).and_then(Value::as_str)) {
            let both = format!("{text}\n\n{note}");
            forms.insert(mime.clone(), both.into());
        }
    }
    *data = forms;
}

/// The page; with the whole definition if it is asked for.
pub(super) fn page(entry: &Entry, whole: bool) -> MimeBundle {
    let definition = entry.definition.as_deref().filter(|_| whole);
    let code = definition.unwrap_or(&entry.signature);
    let owner = entry.owner.as_deref();
    let heading = match owner {
        Some(owner) => format!("{} of {owner}", entry.kind.word()),
        None => entry.kind.word().to_owned(),
    };
    bundle(
        plain(entry, &heading, code),
        markdown(entry, &heading, code),
    )
}

fn bundle(plain: String, markdown: String) -> MimeBundle {
    let forms = [("text/plain", plain), ("text/markdown", markdown)];
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
    text.push_str(&list(&entry.facts));
    if !entry.doc.is_empty() {
        text.push_str(&format!("\n{}\n", entry.doc));
    }
    text
}

fn list(facts: &[String]) -> String {
    let lines = facts.iter();
    lines
        .map(|fact| format!("- {}\n", fact.replace('`', "'")))
        .collect()
}
