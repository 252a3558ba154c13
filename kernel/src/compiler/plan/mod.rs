//! What a cell's crate consists of: its own items, the earlier items that must be compiled again with them, and what it
//! imports.
//!
//! - Each name in an item is *bound* to something: an item, or a path of another crate. If a cell gives one of them another
//!   meaning (it defines it anew, imports it from elsewhere, brings it in by a glob), the item is *outdated*, and so is what refers
//!   to it: they are *recompiled*, into the new crate. Otherwise `fn a` would go on calling the old `fn b`. Methods are bound by
//!   name: where a trait or an `impl` of one changes, who calls a method of that name is outdated.
//! - An outdated item that does not compile is *dormant*: it stays as it was, nothing can name it, and it is tried again when
//!   what it mentions changes.
//! - An `impl` may only stand in the crate of its type or its trait (the orphan rule, E0116 and E0117). An `impl` in a later cell
//!   therefore recompiles its type, and with it what mentions that type.
//! - A recompiled type whose definition is unchanged takes its variables along: the same definition compiled by the same
//!   compiler has the same layout ([`Plan::respell`]). If the definition has really changed, old values keep the old type, and a
//!   note says which cell to run again.
//! - A static that is recompiled, or is in a recompiled function, goes on if what it is made of is what it was: it has a
//!   symbol of its own, and the new crate declares it by that. Otherwise it begins anew, and a note says so. A static whose own
//!   cell is run again begins anew as well.
//!
//! What an earlier item is to a cell:
//!
//! | | |
//! |---|---|
//! | replaced | the cell's own takes its place |
//! | refreshed | the cell defines it again as it is, so it stays, compiled as it was |
//! | outdated | it was made for something else than what its names mean now |
//! | recompiled | it is compiled again, into the cell's crate: because it is outdated, or has to be in one crate with what is |
//! | altered | replaced or recompiled, and no longer what it was |
//! | hidden | it would be recompiled if anything could name it |
//! | dormant, revived | it does not compile with what is defined now; it is tried again |
//! | reset | of a static: it begins anew |
//!
//! What a name is bound to, [`resolve`](crate::compiler::resolve) tells, before the cell and after it (`meanings`). In macro calls that
//! are not known, each word counts; macros of the session count with what their rules mention. What only rustc can tell,
//! `refine::coherence` adds as [`Amendments`].

mod build;
pub mod crate_plan;
mod imports;
mod meanings;
mod replaced;
mod respell;
mod stale;
mod statics;

pub use crate_plan::{Amendments, Plan};
