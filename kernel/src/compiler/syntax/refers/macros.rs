//! The arguments of well-known macros, parsed.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Pat, Token};

/// Macros whose arguments are expressions, with texts to format perhaps.
const EXPRESSIONS: [&str; 31] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "column",
    "compile_error",
    "concat",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "env",
    "eprint",
    "eprintln",
    "file",
    "format",
    "format_args",
    "include",
    "include_bytes",
    "include_str",
    "line",
    "module_path",
    "option_env",
    "panic",
    "print",
    "println",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
    "writeln",
];

/// What the arguments of a macro are.
pub(super) enum Arguments {
    /// Expressions.
    Expressions(Vec<Expr>),
    /// An expression and a pattern, perhaps with a guard.
    Matches(Box<(Expr, Pat)>),
    /// Not known.
    Tokens,
}

/// Reads a macro's arguments.
pub(super) fn read(name: &str, tokens: &TokenStream) -> Arguments {
    if name == "matches" {
        let matches = matches_arguments.parse2(tokens.clone());
        return matches.map_or(Arguments::Tokens, |both| Arguments::Matches(Box::new(both)));
    }
    if !EXPRESSIONS.contains(&name) {
        return Arguments::Tokens;
    }
    let parse = |input: ParseStream<'_>| {
        if name == "vec" && input.fork().call(repeated).is_ok() {
            return repeated(input);
        }
        let list = Punctuated::<Expr, Token![,]>::parse_terminated(input)?;
        Ok(list.into_iter().collect())
    };
    let list = parse.parse2(tokens.clone());
    list.map_or(Arguments::Tokens, Arguments::Expressions)
}

/// `value; length`
fn repeated(input: ParseStream<'_>) -> syn::Result<Vec<Expr>> {
    let value = Expr::parse(input)?;
    input.parse::<Token![;]>()?;
    let length = Expr::parse(input)?;
    if input.is_empty() {
        Ok(vec![value, length])
    } else {
        Err(input.error("more than a length"))
    }
}

fn matches_arguments(input: ParseStream<'_>) -> syn::Result<(Expr, Pat)> {
    let value = Expr::parse(input)?;
    input.parse::<Token![,]>()?;
    let mut pattern = Pat::parse_multi_with_leading_vert(input)?;
    if input.peek(Token![if]) {
        pattern = Pat::Guard(syn::PatGuard {
            attrs: Vec::new(),
            pat: Box::new(pattern),
            if_token: input.parse()?,
            guard: Box::new(input.parse()?),
        });
    }
    input.parse::<Option<Token![,]>>()?;
    if input.is_empty() {
        Ok((value, pattern))
    } else {
        Err(input.error("more than a pattern"))
    }
}
