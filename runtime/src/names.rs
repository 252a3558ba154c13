//! Every public name of std, of this crate and of the crates that come with it, in one place.
//!
//! In its MIR, rustc writes a type whose name is unique among all crates by that name alone
//! (`Vec<P>`). Here such a name has a path: `woozle::names::Vec`. Names that exist twice clash
//! here, which is an error only for who uses them; rustc writes those with their full path.

#![allow(unused_imports, ambiguous_glob_reexports, deprecated, missing_docs)]

// What the prelude means by these names, of which std has several.
pub use std::option::Option;
pub use std::result::Result;

pub use std::alloc::*;
pub use std::any::*;
pub use std::array::*;
pub use std::ascii::*;
pub use std::backtrace::*;
pub use std::borrow::*;
pub use std::boxed::*;
pub use std::cell::*;
pub use std::char::*;
pub use std::cmp::*;
pub use std::collections::binary_heap::*;
pub use std::collections::btree_map::*;
pub use std::collections::btree_set::*;
pub use std::collections::hash_map::*;
pub use std::collections::hash_set::*;
pub use std::collections::linked_list::*;
pub use std::collections::vec_deque::*;
pub use std::collections::*;
pub use std::convert::*;
pub use std::env::*;
pub use std::error::*;
pub use std::ffi::*;
pub use std::fmt::*;
pub use std::fs::*;
pub use std::future::*;
pub use std::hash::*;
pub use std::io::*;
pub use std::iter::*;
pub use std::marker::*;
pub use std::mem::*;
pub use std::net::*;
pub use std::num::*;
pub use std::ops::*;
pub use std::option::*;
pub use std::os::fd::*;
pub use std::os::unix::ffi::*;
pub use std::os::unix::fs::*;
pub use std::os::unix::net::*;
pub use std::os::unix::process::*;
pub use std::panic::*;
pub use std::path::*;
pub use std::pin::*;
pub use std::process::*;
pub use std::ptr::*;
pub use std::rc::*;
pub use std::slice::*;
pub use std::str::*;
pub use std::string::*;
pub use std::sync::atomic::*;
pub use std::sync::mpsc::*;
pub use std::sync::*;
pub use std::task::*;
pub use std::thread::*;
pub use std::time::*;
pub use std::vec::*;

pub use crate::comm::*;
pub use crate::concurrent::*;
pub use crate::display::*;
pub use crate::multiprocessing::connection::*;
pub use crate::multiprocessing::*;
pub use crate::progress::*;
pub use crate::queue::*;
pub use crate::threading::*;
pub use crate::widgets::*;

pub use indicatif::*;
pub use ndarray::iter::*;
pub use ndarray::linalg::*;
pub use ndarray::*;
pub use rand::distr::*;
pub use rand::rngs::*;
pub use rand::*;
pub use rayon::iter::*;
pub use rayon::*;
