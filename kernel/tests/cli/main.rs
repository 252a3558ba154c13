//! The `woozle` program from outside: what it prints, what it leaves behind, and its exit codes.

mod cache;
mod home;
mod install;
mod kernel;
mod lab;
mod run;
