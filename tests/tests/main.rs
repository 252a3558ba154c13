//! The kernel as its clients know it: every test starts `woozle kernel` and speaks to it over ZeroMQ.
//!
//! One file for each topic; `support` starts kernels and waits for what they answer. Tests wait for
//! messages and for the ends of processes. Code inside cells may sleep, as users' code does.

mod attack;
mod cells;
mod debugger;
mod output;
mod protocol;
mod runtime;
mod session;
mod support;
mod tidy;
