//! Reading the types of a cell's variables from its MIR.
//!
//! Every new variable goes through `keep_variable::<TYPE, N>(...)`, and the MIR spells `TYPE`.

use super::contract::mir;
use crate::compiler::names::LAST_EXPRESSION;

/// What the MIR says of a new variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its number.
    pub number: usize,
    /// Its type, as rustc spells it; of an iterator its item's, of what can be called the result's.
    pub ty: String,
    /// Of what can be called: the parameters' types.
    pub parameters: Vec<String>,
    /// For a closure that captures nothing.
    pub captures_nothing: bool,
}

/// The new variables.
pub fn kept(text: &str) -> Vec<Kept> {
    let mut all = Vec::new();
    for line in text.lines() {
        let Some((arguments, rest)) = generic_arguments(line) else {
            continue;
        };
        let Some((ty, number)) = arguments.rsplit_once(", ") else {
            continue;
        };
        let Ok(number) = number.trim_end_matches(mir::USIZE).parse() else {
            continue;
        };
        let captures_nothing = rest.contains(mir::EMPTY_CLOSURE);
        // What follows the type without a name: an item's type; the parameters' types and the result's.
        let is_own = [mir::KEEP_VARIABLE, mir::KEEP_KIND];
        let is_own = is_own.iter().any(|call| line.contains(call));
        let pieces: Vec<&str> = split(ty).into_iter().filter(|p| !is_lifetime(p)).collect();
        let (ty, parameters) = match &pieces[..] {
            [_, parameters @ .., last] if !is_own => (*last, parameters),
            [own] => (*own, &[][..]),
            _ => (ty, &[][..]),
        };
        all.push(Kept {
            number,
            ty: ty.to_owned(),
            parameters: parameters.iter().map(|&ty| ty.to_owned()).collect(),
            captures_nothing,
        });
    }
    all
}

/// Whether a generic argument is a lifetime.
pub fn is_lifetime(argument: &str) -> bool {
    argument.starts_with('\'') && !argument.contains(' ')
}

/// The type of the last expression, if the cell shows it.
pub fn tail(text: &str) -> Option<String> {
    kept(text)
        .into_iter()
        .find_map(|kept| (kept.number == LAST_EXPRESSION).then_some(kept.ty))
}

/// The arguments of a keeping call in a line, and what follows them.
fn generic_arguments(line: &str) -> Option<(&str, &str)> {
    let start = mir::KEEP
        .iter()
        .find_map(|call| line.find(call).map(|at| at + call.len()))?;
    let rest = &line[start..];
    rest.split_at_checked(closing(rest)?)
}

/// Each character, and how many brackets are open behind it. The `>` of an arrow closes none.
pub fn depths(text: &str) -> impl Iterator<Item = (usize, char, i32)> {
    let (mut depth, mut before) = (0, ' ');
    text.char_indices().map(move |(at, c)| {
        match c {
            '<' | '(' | '[' | '{' => depth += 1,
            '>' if before == '-' => {}
            '>' | ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        before = c;
        (at, c, depth)
    })
}

/// Splits at the commas that are not within brackets.
pub fn split(list: &str) -> Vec<&str> {
    let mut start = 0;
    let mut pieces = Vec::new();
    for (at, c, depth) in depths(list) {
        if c == ',' && depth == 0 {
            pieces.push(list[start..at].trim());
            start = at + 1;
        }
    }
    let last = list[start..].trim();
    if !last.is_empty() {
        pieces.push(last);
    }
    pieces
}

/// The place of the bracket that closes a list whose opening is just before the text.
fn closing(text: &str) -> Option<usize> {
    let mut closes = depths(text).filter(|(_, _, depth)| *depth < 0);
    closes.next().map(|(at, ..)| at)
}

/// A closure's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// `Fn`, `FnMut` or `FnOnce`.
    pub kind: &'static str,
    /// The parameters' types.
    pub parameters: Vec<String>,
    /// The result's type.
    pub result: String,
}

impl Signature {
    /// As the bound of a trait object.
    pub fn bound(&self) -> String {
        format!(
            "{}({}) -> {}",
            self.kind,
            self.parameters.join(", "),
            self.result
        )
    }

    /// As a function pointer's type.
    pub fn pointer(&self) -> String {
        format!("fn({}) -> {}", self.parameters.join(", "), self.result)
    }
}

/// The signature of a closure, from the head of its function:
/// `fn f::{closure#0}(_1: &{closure@cell [3]:5:11: 5:28}, _2: i32) -> i32 {`.
pub fn signature(text: &str, closure: &str) -> Option<Signature> {
    for line in text
        .lines()
        .filter(|line| line.starts_with(mir::FUNCTION) && line.ends_with('{'))
    {
        let Some(at) = line.find(mir::SELF_PARAMETER) else {
            continue;
        };
        let (parameters, result) = line[at + 1..line.len() - 1]
            .trim_end()
            .split_at_checked(closing(&line[at + 1..])?)?;
        let parameters = split(parameters);
        let own = parameters
            .first()?
            .strip_prefix(&mir::SELF_PARAMETER[1..])?;
        let by = own.strip_suffix(closure);
        let Some((_, kind)) = mir::KINDS.into_iter().find(|(way, _)| by == Some(way)) else {
            continue;
        };
        let types = parameters[1..]
            .iter()
            .filter_map(|p| Some(p.split_once(": ")?.1.to_owned()));
        let result = result
            .trim_start_matches(')')
            .trim()
            .trim_start_matches("->")
            .trim();
        return Some(Signature {
            kind,
            parameters: types.collect(),
            result: result.to_owned(),
        });
    }
    None
}

/// The same of an async closure; its result is what its future gives, from the head of the function that polls that:
/// `fn f::{closure#0}::{closure#0}(_1: Pin<&mut {async closure body@cell [3]:1:9: 1:20}>, _2: &mut Context<'_>) -> Poll<i32> {`.
pub fn async_signature(text: &str, closure: &str) -> Option<Signature> {
    let mut signature = signature(text, closure)?;
    let path = path_of(text, closure)?;
    let head = format!("{}{path}{}{}", mir::FUNCTION, mir::BODY, mir::PINNED);
    let mut heads = text.lines().filter(|line| line.starts_with(&head));
    signature.result = polled(heads.next()?)?;
    let kinds = mir::ASYNC_KINDS.into_iter();
    let kind = kinds.zip(mir::KINDS);
    let mut kind = kind.filter(|(_, (_, sync))| *sync == signature.kind);
    signature.kind = kind.next()?.0;
    Some(signature)
}

/// Whether a closure captures only what can be copied, as far as is seen where it is made:
/// `_3 = {closure@cell [3]:5:11: 5:28} { x: copy _1, y: move _2 };`.
pub fn can_be_copied(text: &str, closure: &str) -> bool {
    let making = format!(" = {closure} {{ ");
    let Some(at) = text.find(&making) else {
        return false;
    };
    let Some((captured, _)) = text[at + making.len()..].split_once(" };") else {
        return false;
    };
    let begin = text[..at]
        .rfind(&format!("\n{}", mir::FUNCTION))
        .unwrap_or(0);
    let function = &text[begin..at];
    let [copied, moved] = mir::OPERANDS;
    let is_shared = |number: &str| {
        let declared = [format!("let _{number}: &"), format!("let mut _{number}: &")];
        let mut types = declared
            .iter()
            .filter_map(|declared| function.split_once(declared.as_str()));
        types.any(|(_, ty)| !ty.starts_with("mut "))
    };
    split(captured).into_iter().all(|one| {
        one.split_once(": ").is_some_and(|(_, value)| {
            let shared = value.strip_prefix(moved).is_some_and(is_shared);
            shared || value.starts_with(copied)
        })
    })
}

/// The path of a closure in its crate, from the head of its function.
pub fn path_of<'a>(text: &'a str, closure: &str) -> Option<&'a str> {
    let heads = text
        .lines()
        .filter_map(|line| line.strip_prefix(mir::FUNCTION));
    let mut heads = heads.filter_map(|head| head.split_once(mir::SELF_PARAMETER));
    let is_own = |rest: &str| {
        let own = rest.split_once(closure);
        own.is_some_and(|(way, _)| mir::KINDS.iter().any(|(known, _)| *known == way))
    };
    heads.find_map(|(path, rest)| is_own(rest).then_some(path))
}

/// The output of a future, from the head of the function that polls it:
/// `fn f::{closure#0}(_1: Pin<&mut {async fn body of f()}>, _2: &mut Context<'_>) -> Poll<i32> {`.
pub fn output(text: &str, future: &str) -> Option<String> {
    let pinned = format!("{}{future}>", mir::PINNED);
    let mut heads = text
        .lines()
        .filter(|line| line.starts_with(mir::FUNCTION) && line.ends_with('{'));
    polled(heads.find(|line| line.contains(&pinned))?)
}

fn polled(head: &str) -> Option<String> {
    let head = head.trim_end_matches('{').trim_end();
    let (_, result) = head.rsplit_once(mir::POLL)?;
    Some(result.strip_suffix('>')?.to_owned())
}

#[cfg(test)]
mod tests;
