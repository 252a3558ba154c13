//! The contents of messages: one type for each message type, and the table that joins them.

mod comm;
mod complete;
mod connect;
mod debug;
mod display;
mod execute;
mod handshake;
mod history;
mod input;
mod inspect;
mod interrupt;
mod is_complete;
mod kernel_info;
mod reply;
mod shutdown;
mod status;
mod stream;
mod subshell;
mod table;

pub use comm::{CommClose, CommInfoReply, CommInfoRequest, CommMsg, CommOpen, CommTarget};
pub use complete::{CompleteReply, CompleteRequest};
pub use connect::{ConnectReply, ConnectRequest};
pub use debug::{DebugReply, DebugRequest};
pub use display::{
    ClearOutput, DisplayData, ExecuteResult, MimeBundle, Transient, UpdateDisplayData,
};
pub use execute::{ErrorOutput, ExecuteInput, ExecuteOk, ExecuteReply, ExecuteRequest};
pub use handshake::{HandshakeReply, HandshakeRequest};
pub use history::{
    HistoryAccess, HistoryEntry, HistoryReply, HistoryRequest, HistorySource, Range, Search, Tail,
};
pub use input::{InputReply, InputRequest};
pub use inspect::{InspectReply, InspectRequest};
pub use interrupt::{InterruptReply, InterruptRequest};
pub use is_complete::{IsCompleteReply, IsCompleteRequest};
pub use kernel_info::{HelpLink, KernelInfoReply, KernelInfoRequest, LanguageInfo};
pub use reply::{Reply, ReplyError};
pub use shutdown::{ShutdownReply, ShutdownRequest};
pub use status::{ExecutionState, IopubWelcome, Status};
pub use stream::{Stream, StreamName};
pub use subshell::{
    CreateSubshellReply, CreateSubshellRequest, DeleteSubshellReply, DeleteSubshellRequest,
    ListSubshellReply, ListSubshellRequest,
};
pub use table::Content;
