//! The kernel and the system that it runs on: its files, its limits, the programs that it starts; and texts as they are shown.

pub(crate) mod atomic;
pub(crate) mod data;
pub(crate) mod exit;
pub(crate) mod files;
pub(crate) mod lease;
pub(crate) mod limits;
pub(crate) mod lock;
pub(crate) mod paths;
pub(crate) mod private;
pub(crate) mod text;
