//! The kernel as its clients know it: every test starts `woozle kernel` and speaks to it over ZeroMQ.
//!
//! One file for each topic; `support` starts kernels and waits for what they answer. Tests wait for
//! messages and for the ends of processes. Code inside cells may sleep, as users' code does.

#[cfg(feature = "analyzer")]
mod analyzer;
mod attack;
mod bad_start;
mod checkpoints;
mod commands;
mod crashes;
mod crates;
mod display;
mod errors;
mod evcxr;
mod faults;
mod folders;
mod headless;
mod inference;
mod interrupt;
mod items;
mod kept_types;
mod late_output;
mod lifecycle;
mod limits;
mod loader_lock;
mod odd_cells;
mod output;
mod pools;
mod primitives;
mod processes;
mod protocol_assist;
mod protocol_bad_input;
mod protocol_comm;
mod protocol_debug;
mod protocol_execute;
mod protocol_history;
mod reports;
mod rewritten;
mod support;
mod tidy;
mod tools;
mod variables;
