//! Every public name of std, of this crate and of the crates that come with it, in one place.
//!
//! In its MIR, rustc writes a type whose name is unique among all crates by that name alone
//! (`Vec<P>`). Here such a name has a path: `woozle::names::std::Vec`, or `woozle::names::Vec` where it is not
//! known which crate it is from. Names that exist twice in one module of this file clash, which is an error only for
//! who uses them; rustc writes those with their full path.

#![allow(unused_imports, ambiguous_glob_reexports, deprecated, missing_docs)]

pub use self::indicatif::*;
pub use self::ndarray::*;
pub use self::rand::*;
pub use self::rayon::*;
pub use self::std::*;
pub use self::woozle::*;

/// What `core`, `alloc` and `std` define.
pub mod std {
    // What the prelude means by these names, of which std has several.
    pub use ::std::alloc::*;
    pub use ::std::any::*;
    pub use ::std::array::*;
    pub use ::std::ascii::*;
    pub use ::std::backtrace::*;
    pub use ::std::borrow::*;
    pub use ::std::boxed::*;
    pub use ::std::cell::*;
    pub use ::std::char::*;
    pub use ::std::cmp::*;
    pub use ::std::collections::binary_heap::*;
    pub use ::std::collections::btree_map::*;
    pub use ::std::collections::btree_set::*;
    pub use ::std::collections::hash_map::*;
    pub use ::std::collections::hash_set::*;
    pub use ::std::collections::linked_list::*;
    pub use ::std::collections::vec_deque::*;
    pub use ::std::collections::*;
    pub use ::std::convert::*;
    pub use ::std::env::*;
    pub use ::std::error::*;
    pub use ::std::ffi::*;
    pub use ::std::fmt::*;
    pub use ::std::fs::*;
    pub use ::std::future::*;
    pub use ::std::hash::*;
    pub use ::std::io::*;
    pub use ::std::iter::*;
    pub use ::std::marker::*;
    pub use ::std::mem::*;
    pub use ::std::net::*;
    pub use ::std::num::*;
    pub use ::std::ops::*;
    pub use ::std::option::Option;
    pub use ::std::option::*;
    pub use ::std::os::fd::*;
    pub use ::std::os::unix::ffi::*;
    pub use ::std::os::unix::fs::*;
    pub use ::std::os::unix::net::*;
    pub use ::std::os::unix::process::*;
    pub use ::std::panic::*;
    pub use ::std::path::*;
    pub use ::std::pin::*;
    pub use ::std::process::*;
    pub use ::std::ptr::*;
    pub use ::std::rc::*;
    pub use ::std::result::Result;
    pub use ::std::slice::*;
    pub use ::std::str::*;
    pub use ::std::string::*;
    pub use ::std::sync::atomic::*;
    pub use ::std::sync::mpsc::*;
    pub use ::std::sync::*;
    pub use ::std::task::*;
    pub use ::std::thread::*;
    pub use ::std::time::*;
    pub use ::std::vec::*;

    /// Where `AtomicBool` and its like are `Atomic<bool>` and so on, std keeps that name to itself.
    pub type Atomic<T> = <T as Primitive>::Atomic;

    /// What has an atomic type.
    pub trait Primitive {
        /// Its atomic type.
        type Atomic;
    }

    macro_rules! atomic {
        ($($primitive:ty => $atomic:ident)*) => {
            $(impl Primitive for $primitive {
                type Atomic = $atomic;
            })*
        };
    }

    atomic! {
        bool => AtomicBool
        i8 => AtomicI8
        i16 => AtomicI16
        i32 => AtomicI32
        i64 => AtomicI64
        isize => AtomicIsize
        u8 => AtomicU8
        u16 => AtomicU16
        u32 => AtomicU32
        u64 => AtomicU64
        usize => AtomicUsize
    }

    impl<T> Primitive for *mut T {
        type Atomic = AtomicPtr<T>;
    }
}

/// What the runtime defines.
pub mod woozle {
    pub use crate::comm::*;
    pub use crate::concurrent::*;
    pub use crate::display::*;
    pub use crate::multiprocessing::cluster::*;
    pub use crate::multiprocessing::connection::*;
    pub use crate::multiprocessing::*;
    pub use crate::progress::*;
    pub use crate::queue::*;
    pub use crate::threading::*;
    pub use crate::widgets::*;
}

/// What `indicatif` defines.
pub mod indicatif {
    pub use ::indicatif::*;
}

/// What `ndarray` defines.
pub mod ndarray {
    pub use ::ndarray::iter::*;
    pub use ::ndarray::linalg::*;
    pub use ::ndarray::*;
}

/// What `rand` defines.
pub mod rand {
    pub use ::rand::distr::*;
    pub use ::rand::rngs::*;
    pub use ::rand::*;
}

/// What `rayon` defines.
pub mod rayon {
    pub use ::rayon::iter::*;
    pub use ::rayon::*;
}
