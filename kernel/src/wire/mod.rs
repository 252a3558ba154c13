//! Jupyter's messages: their types, and their form on the wire (protocol 5.5).
//!
//! Kernel and client share this module. Nothing in it touches a socket.

pub mod content;
mod error;
mod header;
mod message;
mod session;
mod signature;

pub use content::Content;
pub use error::WireError;
pub use header::Header;
pub use message::Message;
pub use session::Session;
pub use signature::Key;

/// The version of the Jupyter messaging protocol that this module speaks.
pub const PROTOCOL_VERSION: &str = "5.5";
