//! A name, and what is known of it.

/// What kind of thing a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Variable,
    Field,
    Method,
    Variant,
    Function,
    Struct,
    Enum,
    Union,
    Trait,
    Type,
    Constant,
    Static,
    Macro,
    Module,
    Keyword,
    Command,
}

impl Kind {
    /// The word for it that front ends know.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Variable => "variable",
            Self::Field => "field",
            Self::Method => "method",
            Self::Variant => "enum member",
            Self::Function => "function",
            Self::Struct => "struct",
            Self::Enum => "enum",
            Self::Union => "union",
            Self::Trait => "trait",
            Self::Type => "type",
            Self::Constant => "constant",
            Self::Static => "static",
            Self::Macro => "macro",
            Self::Module => "module",
            Self::Keyword => "keyword",
            Self::Command => "command",
        }
    }

    /// The order in a list: what the user has made comes first.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::Variable | Self::Field => 0,
            Self::Method | Self::Variant => 1,
            Self::Keyword => 3,
            _ => 2,
        }
    }
}

/// A name with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// The type that it belongs to.
    pub(super) owner: Option<String>,
    /// The definition without its body; for a variable its type.
    pub(super) signature: String,
    /// The documentation, in Markdown.
    pub(super) doc: String,
    /// The whole definition.
    pub(super) definition: Option<String>,
    /// More about it, such as a variable's value.
    pub(super) facts: Vec<String>,
}

impl Entry {
    pub(super) fn new(kind: Kind, name: impl Into<String>, signature: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            owner: None,
            signature: signature.into(),
            doc: String::new(),
            definition: None,
            facts: Vec::new(),
        }
    }

    /// What is written into the cell.
    pub(super) fn inserted(&self) -> String {
        match self.kind {
            Kind::Macro => format!("{}!", self.name),
            _ => self.name.clone(),
        }
    }
}
