//! The contents of messages: one type for each message type, and the table that joins them.

mod assist;
mod comm;
mod control;
mod execute;
mod history;
mod input;
mod kernel_info;
mod output;
mod reply;
mod table;

pub use assist::{
    CompleteReply, CompleteRequest, InspectReply, InspectRequest, IsCompleteReply,
    IsCompleteRequest,
};
pub use comm::{CommClose, CommInfoReply, CommInfoRequest, CommMsg, CommOpen, CommTarget};
pub use control::{
    CreateSubshellReply, CreateSubshellRequest, DebugEvent, DebugReply, DebugRequest,
    DeleteSubshellReply, DeleteSubshellRequest, InterruptReply, InterruptRequest,
    ListSubshellReply, ListSubshellRequest, ShutdownReply, ShutdownRequest,
};
pub use execute::{ErrorOutput, ExecuteInput, ExecuteOk, ExecuteReply, ExecuteRequest};
pub use history::{
    HistoryAccess, HistoryEntry, HistoryReply, HistoryRequest, HistorySource, Range, Search, Tail,
};
pub use input::{InputReply, InputRequest};
pub use kernel_info::{
    ConnectReply, ConnectRequest, HandshakeReply, HandshakeRequest, HelpLink, KernelInfoReply,
    KernelInfoRequest, LanguageInfo,
};
pub use output::{
    ClearOutput, DisplayData, ExecuteResult, ExecutionState, IopubWelcome, MimeBundle, Status,
    Stream, StreamName, Transient, UpdateDisplayData,
};
pub use reply::{Reply, ReplyError};
pub use table::Content;
