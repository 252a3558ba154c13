//! What cannot be explored, and why.

use std::fmt::Write as _;

use proc_macro2::{TokenStream, TokenTree};

use crate::compiler::syntax::imports::{Brings, Use};

/// The modules of the runtime that can be explored.
const EXPLORED: [&str; 3] = ["threading", "queue", "concurrent"];

/// What of std reaches out of the program: paths, of which the last names may stand alone, with what it is called.
const REACHES_OUT: [(&str, &str); 12] = [
    ("std::fs", "files"),
    ("std::net", "sockets"),
    ("std::os::unix::net", "sockets"),
    ("std::process::Command", "other programs"),
    ("File::", "files"),
    ("OpenOptions::", "files"),
    ("TcpListener::", "sockets"),
    ("TcpStream::", "sockets"),
    ("UdpSocket::", "sockets"),
    ("UnixStream::", "sockets"),
    ("Command::new", "other programs"),
    ("stdin()", "standard input"),
];

/// Why nothing of a crate can be.
pub(super) fn of_crate(name: &str) -> String {
    let why = match name {
        "rayon" => {
            "rayon's threads are a pool of the whole session's, which no schedule decides on"
        }
        "tokio" | "async_std" | "smol" => {
            "its threads and timers are its own, which no schedule decides on; a cell with `.await` alone can be explored"
        }
        _ => "it cannot do so within crates",
    };
    format!(
        "`%%explore` decides at each call of std's locks, atomics, channels and threads, and of woozle's, which thread goes on: it cannot use the crate `{name}`, since {why}"
    )
}

/// Whether a declaration brings in something of the runtime's that can be explored.
pub(super) fn is_of_runtime(leaf: &Use) -> bool {
    let mut parts = leaf.path.split("::");
    let is_explored = |name: &str| EXPLORED.contains(&name);
    parts.next() == Some("woozle") && parts.next().is_some_and(is_explored)
}

/// Why a declaration is refused, if it is.
pub(super) fn of_use(leaf: &Use) -> Option<String> {
    if leaf.root() == "woozle" && !is_of_runtime(leaf) && leaf.path != "woozle" {
        return Some(of_runtime(&leaf.path));
    }
    let is_glob = leaf.brings == Brings::Glob;
    let path = if is_glob {
        format!("{}::", leaf.path)
    } else {
        leaf.path.clone()
    };
    let found = REACHES_OUT.iter().find(|(outside, _)| {
        let rest = path.strip_prefix(outside);
        outside.starts_with("std")
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    });
    found.map(|(_, what)| reaches_out(what))
}

/// Why code is refused, if it is.
pub(super) fn of_code(code: &str) -> Option<String> {
    let tokens = code.parse::<TokenStream>().ok()?;
    let mut text = String::new();
    flatten(tokens, &mut text);
    for (outside, what) in REACHES_OUT {
        let is_name = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if text.match_indices(outside).any(|(at, _)| is_name(at)) {
            return Some(reaches_out(what));
        }
    }
    let (_, rest) = text.split_once("woozle::")?;
    let module: String = rest
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    let is_explored = EXPLORED.contains(&&*module) || rest.starts_with('{');
    (!is_explored).then(|| of_runtime(&format!("woozle::{module}")))
}

/// The text without what tells names apart where nothing else does.
fn flatten(tokens: TokenStream, text: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                text.push('(');
                flatten(group.stream(), text);
                text.push(')');
            }
            TokenTree::Literal(_) => text.push_str("0 "),
            TokenTree::Punct(mark) => text.push(mark.as_char()),
            TokenTree::Ident(name) => {
                let is_after_name = text.ends_with(|c: char| c.is_alphanumeric() || c == '_');
                let _ = write!(text, "{}{name}", if is_after_name { " " } else { "" }); // a string takes all
            }
        }
    }
}

fn of_runtime(path: &str) -> String {
    format!(
        "`%%explore` knows woozle's `threading`, `queue` and `concurrent::ThreadPoolExecutor`, but not `{path}`"
    )
}

fn reaches_out(what: &str) -> String {
    format!(
        "`%%explore` runs a cell many times, and can decide on what happens within it alone: not on {what}. Take what the cell reads from a variable of an earlier cell, or make it within the cell"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_out_is_told_from_what_is_called_alike() {
        for code in [
            "let text = std::fs::read_to_string(p)?;",
            "File :: open(p)",
            "std::io::stdin().read_line(&mut s)",
            "if true { Command::new(\"ls\"); }",
            "woozle::display::html(x)",
        ] {
            assert!(of_code(code).is_some(), "{code}");
        }
        for code in [
            "MyFile::open()",
            "let fs = 1; fs.max(2)",
            "println!(\"std::fs::read\") // std::fs",
            "woozle::threading::Lock::new()",
            "process::exit(1)",
        ] {
            assert_eq!(of_code(code), None, "{code}");
        }
    }
}
