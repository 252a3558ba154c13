//! The `woozle` program from outside: what it prints, what it leaves behind, and its exit codes.

#![expect(clippy::disallowed_methods, reason = "tests start the program")]

mod cache;
mod home;
mod install;
mod kernel;
mod lab;
mod run;
