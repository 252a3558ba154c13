//! What LLDB shows, as a user knows it: threads with their calls, variables, names.

pub(super) mod frames;
pub(super) mod names;
pub(super) mod variables;
