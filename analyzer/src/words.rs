//! evcxr's answers in the words of front ends: kinds, names, pages.

use crate::protocol::{Completion, Page};

/// What evcxr says instead of a page.
const NOTHING: &str = "No documentation found";

/// The name that a text ends with.
pub fn last_name(text: &str) -> &str {
    &text[text.trim_end_matches(is_in_name).len()..]
}

fn is_in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A completion from what evcxr would insert: `push(value)`, `println!()`, `rayon::`. Only the
/// name goes into the cell; `None` if there is none, as with snippets.
pub fn completion(code: &str, kind: &str, is_member: bool) -> Option<Completion> {
    let bare = code.strip_prefix("r#").unwrap_or(code);
    let end = bare.find(|c| !is_in_name(c)).unwrap_or(bare.len());
    let (name, rest) = bare.split_at(end);
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None;
    }
    let is_macro = rest.starts_with('!');
    let prefix = &code[..code.len() - bare.len()];
    let kind = match (kind, is_member) {
        ("function", _) if is_macro => "macro",
        ("function", true) => "method",
        ("instance", true) => "field",
        ("instance", false) if name.starts_with(char::is_uppercase) => "constant",
        ("instance", false) => "variable",
        ("class", _) => "type",
        (other, _) => other,
    };
    Some(Completion {
        text: format!("{prefix}{name}{}", if is_macro { "!" } else { "" }),
        kind: kind.to_owned(),
        signature: code.trim_end_matches("::").to_owned(),
    })
}

/// A page from evcxr's two forms of it; `None` if it says that there is nothing.
pub fn page(plain: &str, html: &str) -> Option<Page> {
    (plain != NOTHING && !plain.is_empty()).then(|| Page {
        plain: plain.trim_end().to_owned(),
        markdown: markdown(html),
    })
}

/// Markdown from the HTML that evcxr made of rust-analyzer's Markdown. HTML is Markdown as well,
/// but for code: front ends highlight that only in fences.
fn markdown(html: &str) -> String {
    const OPEN: &str = "<pre><code";
    const CLOSE: &str = "</code></pre>";
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, block)) = rest.split_once(OPEN) {
        let Some((code, after)) = block.split_once(CLOSE) else {
            break;
        };
        let code = code.split_once('>').map_or(code, |(_, code)| code);
        text.push_str(before.trim());
        text.push_str("\n\n```rust\n");
        text.push_str(unescape(code).trim_end());
        text.push_str("\n```\n\n");
        rest = after;
    }
    text.push_str(rest.trim());
    text.trim().to_owned()
}

/// The text of HTML without tags.
fn unescape(html: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    let unescape = |text: String, (entity, sign): (&str, &str)| text.replace(entity, sign);
    entities.into_iter().fold(html.to_owned(), unescape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_inserted() {
        let cases = [
            (("push(value)", "function", true), Some(("push", "method"))),
            (
                ("println!()", "function", false),
                Some(("println!", "macro")),
            ),
            (("rayon::", "module", false), Some(("rayon", "module"))),
            (("Some()", "instance", false), Some(("Some", "constant"))),
            (("r#type", "instance", true), Some(("r#type", "field"))),
            (("x", "instance", false), Some(("x", "variable"))),
            (("Vec", "class", false), Some(("Vec", "type"))),
            (("&mut x", "instance", false), None),
            (("", "instance", false), None),
        ];
        for ((code, kind, is_member), expected) in cases {
            let found = completion(code, kind, is_member);
            let found = found.as_ref().map(|found| (&*found.text, &*found.kind));
            assert_eq!(found, expected, "{code}");
        }
    }

    #[test]
    fn code_is_fenced_and_the_rest_stays() {
        let html = "<pre><code class=\"language-rust\">fn f&lt;T&gt;()\n</code></pre>\n<hr />\n<p>A &lt; b</p>\n";
        let page = page("fn f<T>()", html).expect("a page");
        assert_eq!(
            page.markdown,
            "```rust\nfn f<T>()\n```\n\n<hr />\n<p>A &lt; b</p>"
        );
        assert_eq!(super::page(NOTHING, "<p>No documentation found</p>"), None);
    }
}
