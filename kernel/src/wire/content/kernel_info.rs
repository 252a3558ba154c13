//! What the kernel is, and where it listens.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KernelInfoRequest {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KernelInfoReply {
    pub protocol_version: String,
    pub implementation: String,
    pub implementation_version: String,
    pub language_info: LanguageInfo,
    #[serde(default)]
    pub banner: String,
    #[serde(default)]
    pub help_links: Vec<HelpLink>,
    #[serde(default)]
    pub supported_features: Vec<String>,
    /// Whether it has a debugger: what `supported_features` says, too, for older clients.
    #[serde(default)]
    pub debugger: bool,
}

impl KernelInfoReply {
    /// Woozle's own reply. `rustc_version` is the version of the compiler that the cells use.
    pub fn woozle(rustc_version: &str) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        Self {
            protocol_version: crate::wire::PROTOCOL_VERSION.to_owned(),
            implementation: "woozle".to_owned(),
            implementation_version: version.to_owned(),
            language_info: LanguageInfo::rust(rustc_version),
            banner: format!("Woozle {version}, Rust {rustc_version}"),
            help_links: vec![HelpLink {
                text: "Rust standard library".to_owned(),
                url: "https://doc.rust-lang.org/std/".to_owned(),
            }],
            supported_features: Vec::new(),
            debugger: false,
        }
    }

    /// The same of a kernel that has a debugger.
    #[must_use]
    pub fn with_debugger(mut self) -> Self {
        self.supported_features.push("debugger".to_owned());
        self.debugger = true;
        self
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LanguageInfo {
    pub name: String,
    pub version: String,
    pub mimetype: String,
    pub file_extension: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pygments_lexer: Option<String>,
    /// A mode's name, or an object that describes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codemirror_mode: Option<Value>,
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl LanguageInfo {
    pub fn rust(version: &str) -> Self {
        Self {
            name: "rust".to_owned(),
            version: version.to_owned(),
            mimetype: "text/x-rustsrc".to_owned(),
            file_extension: ".rs".to_owned(),
            pygments_lexer: Some("rust".to_owned()),
            codemirror_mode: Some(Value::from("rust")),
            other: Map::new(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpLink {
    pub text: String,
    pub url: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectRequest {}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectReply {
    pub shell_port: u16,
    pub iopub_port: u16,
    pub stdin_port: u16,
    pub control_port: u16,
    pub hb_port: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandshakeRequest {
    pub shell_port: u16,
    pub iopub_port: u16,
    pub stdin_port: u16,
    pub control_port: u16,
    pub hb_port: u16,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandshakeReply {}
