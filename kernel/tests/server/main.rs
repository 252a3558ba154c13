//! The server with a toy backend, driven by a ZeroMQ client as a front end would.
//!
//! - `client.rs`: the client
//! - `toy.rs`: the backend
//! - one file for each group of tests

mod cells;
mod client;
mod comms;
mod expressions;
mod handshake;
mod lifecycle;
mod output;
mod requests;
mod subshells;
mod toy;
mod unread;
mod wrong;
