//! Values of earlier variables, with which the program begins: from what their Debug form says, guided by the type, Rust is made
//! again.

use std::iter::Peekable;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::{Fields, GenericArgument, Item, PathArguments, Token, Type};

/// Gives the text of an earlier struct or enum.
pub(crate) type Items<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Numbers, and what is written in the same way.
const NUMBERS: [&str; 16] = [
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32",
    "f64", "bool", "char",
];

/// Collections that are made of an array.
const COLLECTIONS: [&str; 8] = [
    "Vec",
    "VecDeque",
    "LinkedList",
    "BinaryHeap",
    "BTreeSet",
    "HashSet",
    "BTreeMap",
    "HashMap",
];

/// A type whose values can be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    Number(&'static str),
    Str,
    String,
    Tuple(Vec<Self>),
    Array(Box<Self>, String),
    Collection(&'static str, Vec<Self>),
    Option(Box<Self>),
    Result(Box<Self>, Box<Self>),
    Boxed(Box<Self>),
    /// An earlier struct or enum, by its name.
    Own(String),
}

impl Shape {
    /// That of a type, if it is one whose values can be given.
    pub(crate) fn of(ty: &str, items: Items<'_>) -> Option<Self> {
        let ty = syn::parse_str::<Type>(ty).ok()?;
        Self::of_type(&ty, items, &mut Vec::new())
    }

    fn of_type(ty: &Type, items: Items<'_>, seen: &mut Vec<String>) -> Option<Self> {
        match ty {
            Type::Paren(inner) => Self::of_type(&inner.elem, items, seen),
            Type::Group(inner) => Self::of_type(&inner.elem, items, seen),
            Type::Reference(reference) => {
                let is_str =
                    matches!(&*reference.elem, Type::Path(path) if path.path.is_ident("str"));
                (is_str && reference.mutability.is_none()).then_some(Self::Str)
            }
            Type::Tuple(tuple) => {
                let parts = tuple.elems.iter();
                let parts = parts.map(|ty| Self::of_type(ty, items, seen));
                Some(Self::Tuple(parts.collect::<Option<_>>()?))
            }
            Type::Array(array) => {
                let length = array.len.to_token_stream().to_string();
                let element = Self::of_type(&array.elem, items, seen)?;
                Some(Self::Array(Box::new(element), length))
            }
            Type::Path(path) => {
                let last = path.path.segments.last()?;
                let name = last.ident.to_string();
                let mut arguments = Vec::new();
                if let PathArguments::AngleBracketed(of) = &last.arguments {
                    for argument in &of.args {
                        let GenericArgument::Type(ty) = argument else {
                            return None;
                        };
                        arguments.push(Self::of_type(ty, items, seen)?);
                    }
                }
                Self::of_name(&name, arguments, items, seen)
            }
            _ => None,
        }
    }

    fn of_name(
        name: &str,
        mut arguments: Vec<Self>,
        items: Items<'_>,
        seen: &mut Vec<String>,
    ) -> Option<Self> {
        if let Some(text) = items(name) {
            let is_known = seen.iter().any(|known| known == name);
            if arguments.is_empty() && (is_known || is_plain(name, &text, items, seen)) {
                return Some(Self::Own(name.to_owned()));
            }
            return None;
        }
        let number = NUMBERS.iter().find(|number| **number == name);
        if let (Some(number), []) = (number, &arguments[..]) {
            return Some(Self::Number(number));
        }
        let collection = COLLECTIONS.iter().find(|own| **own == name);
        let parameters = if name.ends_with("Map") { 2 } else { 1 };
        if let Some(collection) = collection
            && arguments.len() == parameters
        {
            return Some(Self::Collection(collection, arguments));
        }
        let last = arguments.pop();
        match (name, arguments.pop(), last) {
            ("String", None, None) => Some(Self::String),
            ("Option", None, Some(of)) => Some(Self::Option(Box::new(of))),
            ("Box", None, Some(of)) => Some(Self::Boxed(Box::new(of))),
            ("Result", Some(ok), Some(err)) => Some(Self::Result(Box::new(ok), Box::new(err))),
            _ => None,
        }
    }

    /// The type, as it is written in the program.
    pub(crate) fn written(&self) -> String {
        let all = |parts: &[Self]| {
            let parts = parts.iter().map(Self::written);
            parts.collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Number(name) => (*name).to_owned(),
            Self::Str => "&'static str".to_owned(),
            Self::String => "::std::string::String".to_owned(),
            Self::Tuple(parts) if parts.len() == 1 => format!("({},)", all(parts)),
            Self::Tuple(parts) => format!("({})", all(parts)),
            Self::Array(element, length) => format!("[{}; {length}]", element.written()),
            Self::Collection(name, of) => format!("::std::{}<{}>", path(name), all(of)),
            Self::Option(of) => format!("::std::option::Option<{}>", of.written()),
            Self::Result(ok, err) => {
                format!("::std::result::Result<{}, {}>", ok.written(), err.written())
            }
            Self::Boxed(of) => format!("::std::boxed::Box<{}>", of.written()),
            Self::Own(name) => name.clone(),
        }
    }

    /// The value whose Debug form this is, as Rust.
    pub(crate) fn value(&self, debug: &str, items: Items<'_>) -> Option<String> {
        let tokens = debug.parse::<TokenStream>().ok()?;
        self.read(&mut tokens.into_iter().peekable(), items)
    }

    fn read(&self, tokens: &mut Tokens, items: Items<'_>) -> Option<String> {
        Some(match self {
            Self::Number(name) => number(name, tokens)?,
            Self::Str => tokens.next()?.to_string(),
            Self::String => format!("::std::string::String::from({})", tokens.next()?),
            Self::Tuple(parts) => {
                fields(parts, &mut group(tokens, Delimiter::Parenthesis)?, items)?
            }
            Self::Array(element, _) => {
                format!(
                    "[{}]",
                    elements(&[&**element], group(tokens, Delimiter::Bracket)?, items)?
                )
            }
            Self::Collection(name, of) => {
                let is_list = !name.ends_with("Map") && !name.ends_with("Set");
                let delimiter = if is_list {
                    Delimiter::Bracket
                } else {
                    Delimiter::Brace
                };
                let of: Vec<&Self> = of.iter().collect();
                let elements = elements(&of, group(tokens, delimiter)?, items)?;
                format!("::std::{}::from([{elements}])", path(name))
            }
            Self::Option(of) => variant(tokens, &[("Some", of), ("None", of)], items)?,
            Self::Result(ok, err) => variant(tokens, &[("Ok", ok), ("Err", err)], items)?,
            Self::Boxed(of) => format!("::std::boxed::Box::new({})", of.read(tokens, items)?),
            Self::Own(name) => own(name, tokens, items)?,
        })
    }
}

/// The Debug forms of the parts of a tuple whose Debug form this is, itself in the Debug form of a text.
pub(crate) fn of_tuple(text: &str) -> Option<Vec<String>> {
    let text = syn::parse_str::<syn::LitStr>(text).ok()?.value();
    let tokens = text.parse::<TokenStream>().ok()?;
    let mut tuple = group(&mut tokens.into_iter().peekable(), Delimiter::Parenthesis)?;
    let mut parts = Vec::new();
    while tuple.peek().is_some() {
        let is_comma =
            |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',');
        let mut part = TokenStream::new();
        part.extend(std::iter::from_fn(|| {
            tuple.next_if(|token| !is_comma(token))
        }));
        parts.push(part.to_string());
        tuple.next();
    }
    Some(parts)
}

type Tokens = Peekable<IntoIter>;

fn path(collection: &str) -> String {
    match collection {
        "Vec" => "vec::Vec".to_owned(),
        other => format!("collections::{other}"),
    }
}

/// Whether an earlier type tells all of itself by its Debug form, and can be copied.
fn is_plain(name: &str, text: &str, items: Items<'_>, seen: &mut Vec<String>) -> bool {
    seen.push(name.to_owned());
    let Ok(item) = syn::parse_str::<Item>(text) else {
        return false;
    };
    let (attributes, generics, fields): (_, _, Vec<&Fields>) = match &item {
        Item::Struct(item) => (&item.attrs, &item.generics, vec![&item.fields]),
        Item::Enum(item) => {
            let fields = item.variants.iter().map(|variant| &variant.fields);
            (&item.attrs, &item.generics, fields.collect())
        }
        _ => return false,
    };
    let derived: Vec<String> = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
        .filter_map(|attribute| {
            attribute
                .parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated)
                .ok()
        })
        .flatten()
        .filter_map(|path| Some(path.segments.last()?.ident.to_string()))
        .collect();
    let has = |name: &str| derived.iter().any(|own| own == name);
    let mut fields = fields.into_iter().flatten();
    generics.params.is_empty()
        && has("Debug")
        && has("Clone")
        && fields.all(|field| Shape::of_type(&field.ty, items, seen).is_some())
}

/// A number, a truth value or a character.
fn number(ty: &str, tokens: &mut Tokens) -> Option<String> {
    let mut text = String::new();
    if matches!(tokens.peek(), Some(TokenTree::Punct(minus)) if minus.as_char() == '-') {
        tokens.next();
        text.push('-');
    }
    let number = tokens.next()?.to_string();
    match &*number {
        "inf" => text.push_str(&format!("{ty}::INFINITY")),
        "NaN" => text.push_str(&format!("{ty}::NAN")),
        _ => text.push_str(&number),
    }
    Some(format!("({text})"))
}

fn group(tokens: &mut Tokens, delimiter: Delimiter) -> Option<Tokens> {
    match tokens.next()? {
        TokenTree::Group(group) if group.delimiter() == delimiter => {
            Some(group.stream().into_iter().peekable())
        }
        _ => None,
    }
}

/// Goes over a punctuation mark.
fn skip(tokens: &mut Tokens, mark: char) -> Option<()> {
    match tokens.next()? {
        TokenTree::Punct(punct) if punct.as_char() == mark => Some(()),
        _ => None,
    }
}

/// All that is in a collection; of a map, pairs.
fn elements(of: &[&Shape], mut tokens: Tokens, items: Items<'_>) -> Option<String> {
    let mut text = String::new();
    while tokens.peek().is_some() {
        let first = of.first()?.read(&mut tokens, items)?;
        match of.get(1) {
            Some(value) => {
                skip(&mut tokens, ':')?;
                let value = value.read(&mut tokens, items)?;
                text.push_str(&format!("({first}, {value}), "));
            }
            None => text.push_str(&format!("{first}, ")),
        }
        if tokens.peek().is_some() {
            skip(&mut tokens, ',')?;
        }
    }
    Some(text)
}

/// The parts of a tuple, in parentheses.
fn fields(parts: &[Shape], tokens: &mut Tokens, items: Items<'_>) -> Option<String> {
    let mut text = String::from("(");
    for part in parts {
        text.push_str(&part.read(tokens, items)?);
        text.push_str(", ");
        if tokens.peek().is_some() {
            skip(tokens, ',')?;
        }
    }
    text.push(')');
    Some(text)
}

/// A variant of std's, with what it holds.
fn variant(tokens: &mut Tokens, of: &[(&str, &Shape)], items: Items<'_>) -> Option<String> {
    let name = tokens.next()?.to_string();
    let (_, shape) = of.iter().find(|(own, _)| *own == name)?;
    if !matches!(tokens.peek(), Some(TokenTree::Group(_))) {
        return Some(name);
    }
    let mut inner = group(tokens, Delimiter::Parenthesis)?;
    Some(format!("{name}({})", shape.read(&mut inner, items)?))
}

/// A value of an earlier struct or enum.
fn own(name: &str, tokens: &mut Tokens, items: Items<'_>) -> Option<String> {
    let item = syn::parse_str::<Item>(&items(name)?).ok()?;
    let told = tokens.next()?.to_string();
    let (path, own) = match &item {
        Item::Struct(item) => (name.to_owned(), &item.fields),
        Item::Enum(item) => {
            let variant = item.variants.iter().find(|variant| variant.ident == told)?;
            (format!("{name}::{told}"), &variant.fields)
        }
        _ => return None,
    };
    let shape = |ty: &Type| Shape::of_type(ty, items, &mut Vec::new());
    match own {
        Fields::Unit => Some(path),
        Fields::Unnamed(own) => {
            let parts = own.unnamed.iter().map(|field| shape(&field.ty));
            let parts: Vec<Shape> = parts.collect::<Option<_>>()?;
            let mut inner = group(tokens, Delimiter::Parenthesis)?;
            Some(format!("{path}{}", fields(&parts, &mut inner, items)?))
        }
        Fields::Named(own) => {
            let mut inner = group(tokens, Delimiter::Brace)?;
            let mut text = format!("{path} {{ ");
            for field in &own.named {
                let name = inner.next()?;
                skip(&mut inner, ':')?;
                let value = shape(&field.ty)?.read(&mut inner, items)?;
                text.push_str(&format!("{name}: {value}, "));
                if inner.peek().is_some() {
                    skip(&mut inner, ',')?;
                }
            }
            text.push('}');
            Some(text)
        }
    }
}

#[cfg(test)]
mod tests;
