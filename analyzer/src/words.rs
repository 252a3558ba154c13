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
        plain: without_crate(plain.trim_end()),
        markdown: without_crate(&markdown(html)),
    })
}

/// The crate that evcxr takes the notebook for, which no page may show.
const CRATE: &str = "ctx";

/// The text without that crate: neither `ctx::Honey`, nor alone as what something belongs to.
fn without_crate(text: &str) -> String {
    let own = format!("{CRATE}::");
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(&own) {
        plain.push_str(before);
        if before.ends_with(|c: char| is_in_name(c) || c == ':') {
            plain.push_str(&own);
        }
        rest = after;
    }
    plain.push_str(rest);
    let fence = format!("```rust\n{CRATE}\n```");
    let plain = plain.strip_prefix(&fence).unwrap_or(&plain);
    let line = plain
        .strip_prefix(CRATE)
        .filter(|rest| rest.starts_with('\n'));
    line.unwrap_or(plain).trim_start().to_owned()
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

    #[test]
    fn the_crate_that_evcxr_makes_is_not_shown() {
        for (text, expected) in [
            (
                "ctx::Honey\n\nfn pots(h: &ctx::Honey)",
                "Honey\n\nfn pots(h: &Honey)",
            ),
            ("ctx\n\nstruct Honey", "struct Honey"),
            (
                "```rust\nctx\n```\n\n```rust\nfn f()\n```",
                "```rust\nfn f()\n```",
            ),
            ("my_ctx::f, a::ctx::g, ctx", "my_ctx::f, a::ctx::g, ctx"),
        ] {
            assert_eq!(without_crate(text), expected);
        }
    }
}
