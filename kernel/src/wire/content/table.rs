//! The one table from message types to content types.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::*;

macro_rules! table {
    ($($msg_type:literal => $variant:ident($content:ty),)*) => {
        /// The content of a message, of whatever type.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(clippy::large_enum_variant, reason = "few contents exist at a time")]
        pub enum Content {
            $($variant($content),)*
            /// A message type that the table does not have.
            Unknown { msg_type: String, content: Value },
            /// A known message type, the content of which is not what that type has.
            Invalid { msg_type: String, problem: String },
        }

        impl Content {
            /// The message type of this content.
            pub fn msg_type(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $msg_type,)*
                    Self::Unknown { msg_type, .. } | Self::Invalid { msg_type, .. } => msg_type,
                }
            }

            /// Reads the content of a message of this type. There is a value for every input.
            pub fn parse(msg_type: &str, json: &[u8]) -> Self {
                let parsed = match msg_type {
                    $($msg_type => serde_json::from_slice(json).map(Self::$variant),)*
                    _ => serde_json::from_slice(json).map(|content| Self::Unknown {
                        msg_type: msg_type.to_owned(),
                        content,
                    }),
                };
                parsed.unwrap_or_else(|error| Self::Invalid {
                    msg_type: msg_type.to_owned(),
                    problem: error.to_string(),
                })
            }

            /// All message types of the table.
            pub const TYPES: &[&str] = &[$($msg_type),*];
        }

        impl Serialize for Content {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(content) => content.serialize(serializer),)*
                    Self::Unknown { content, .. } => content.serialize(serializer),
                    Self::Invalid { problem, .. } => Err(serde::ser::Error::custom(problem)),
                }
            }
        }

        $(impl From<$content> for Content {
            fn from(content: $content) -> Self {
                Self::$variant(content)
            }
        })*
    };
}

table! {
    // Shell and control, requests and replies.
    "execute_request" => ExecuteRequest(ExecuteRequest),
    "execute_reply" => ExecuteReply(ExecuteReply),
    "kernel_info_request" => KernelInfoRequest(KernelInfoRequest),
    "kernel_info_reply" => KernelInfoReply(Reply<KernelInfoReply>),
    "is_complete_request" => IsCompleteRequest(IsCompleteRequest),
    "is_complete_reply" => IsCompleteReply(IsCompleteReply),
    "complete_request" => CompleteRequest(CompleteRequest),
    "complete_reply" => CompleteReply(Reply<CompleteReply>),
    "inspect_request" => InspectRequest(InspectRequest),
    "inspect_reply" => InspectReply(Reply<InspectReply>),
    "history_request" => HistoryRequest(HistoryRequest),
    "history_reply" => HistoryReply(Reply<HistoryReply>),
    "comm_info_request" => CommInfoRequest(CommInfoRequest),
    "comm_info_reply" => CommInfoReply(Reply<CommInfoReply>),
    "connect_request" => ConnectRequest(ConnectRequest),
    "connect_reply" => ConnectReply(Reply<ConnectReply>),
    "shutdown_request" => ShutdownRequest(ShutdownRequest),
    "shutdown_reply" => ShutdownReply(Reply<ShutdownReply>),
    "interrupt_request" => InterruptRequest(InterruptRequest),
    "interrupt_reply" => InterruptReply(Reply<InterruptReply>),
    "debug_request" => DebugRequest(DebugRequest),
    "debug_reply" => DebugReply(Reply<DebugReply>),
    "create_subshell_request" => CreateSubshellRequest(CreateSubshellRequest),
    "create_subshell_reply" => CreateSubshellReply(Reply<CreateSubshellReply>),
    "delete_subshell_request" => DeleteSubshellRequest(DeleteSubshellRequest),
    "delete_subshell_reply" => DeleteSubshellReply(Reply<DeleteSubshellReply>),
    "list_subshell_request" => ListSubshellRequest(ListSubshellRequest),
    "list_subshell_reply" => ListSubshellReply(Reply<ListSubshellReply>),

    // Registration.
    "handshake_request" => HandshakeRequest(HandshakeRequest),
    "handshake_reply" => HandshakeReply(Reply<HandshakeReply>),
    // Stdin.
    "input_request" => InputRequest(InputRequest),
    "input_reply" => InputReply(InputReply),
    // Iopub.
    "status" => Status(Status),
    "iopub_welcome" => IopubWelcome(IopubWelcome),
    "execute_input" => ExecuteInput(ExecuteInput),
    "stream" => Stream(Stream),
    "display_data" => DisplayData(DisplayData),
    "update_display_data" => UpdateDisplayData(UpdateDisplayData),
    "execute_result" => ExecuteResult(ExecuteResult),
    "clear_output" => ClearOutput(ClearOutput),
    "error" => Error(ErrorOutput),
    "debug_event" => DebugEvent(DebugEvent),
    // Comms, in both directions.
    "comm_open" => CommOpen(CommOpen),
    "comm_msg" => CommMsg(CommMsg),
    "comm_close" => CommClose(CommClose),
}

impl Content {
    /// The error reply to a request of type `request`, or nothing if that is not the type of a request.
    pub fn error_reply(request: &str, error: ReplyError) -> Option<Self> {
        let msg_type = format!("{}_reply", request.strip_suffix("_request")?);
        // Through the table, so that a known reply type gets its own variant where it can hold an error.
        let json = serde_json::to_value(Reply::<DebugReply>::Error(error)).ok()?;
        match Self::parse(&msg_type, json.to_string().as_bytes()) {
            Self::Invalid { .. } => Some(Self::Unknown {
                msg_type,
                content: json,
            }),
            reply => Some(reply),
        }
    }
}

#[cfg(test)]
mod tests;
