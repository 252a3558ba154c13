//! What a cell's crate consists of: its own items, the earlier items that must be compiled again with them, and what it
//! imports.
//!
//! - If an item is redefined, all items that mention it, directly or not, are *recompiled*: compiled again into the new crate.
//!   Otherwise `fn a` would go on calling the old `fn b`.
//! - An `impl` may only stand in the crate of its type or its trait (the orphan rule, E0116 and E0117). An `impl` in a later cell
//!   therefore recompiles its type, and with it what mentions that type.
//! - A recompiled type whose definition is unchanged takes its variables along: the same definition compiled by the same
//!   compiler has the same layout ([`Plan::respell`]). If the definition has really changed, old values keep the old type, and a
//!   note says which cell to run again.
//! - A static that is recompiled, or is in a recompiled function, goes on if what it is made of is what it was: it has a
//!   symbol of its own, and the new crate declares it by that. Otherwise it begins anew, and a note says so. A static whose own
//!   cell is run again begins anew as well.
//!
//! Mentions are found by name, not by resolving paths. So too much is recompiled now and then: a local variable of the name of a
//! redefined function counts. And too little where a name does not stand in the text: behind a glob import, under another name
//! (`use b as c`), in a method call. Identifiers within string literals' braces count, since they may be formatted; macros of the
//! session count with what their rules mention. What only rustc can tell, `refine::coherence` adds as [`Amendments`].

mod build;
pub mod crate_plan;
mod imports;
mod recompile;
mod respell;
mod statics;

pub use crate_plan::{Amendments, Plan};
