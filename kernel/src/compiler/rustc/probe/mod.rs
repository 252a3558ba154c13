//! Whether a rustc keeps the [contract](super::contract): small sources, each of which makes it say something that is relied on.
//!
//! It is asked once for each rustc, when the runtime has been built for it, and the answer is kept beside the runtime.
//!
//! | file | |
//! |---|---|
//! | `clause` | a source, and one thing that is expected of it |
//! | `sources`, `not_rust`, `mir_forms` | the sources, and what rustc has to say of each |
//! | `run` | compiling them |
//! | `verdict` | the answer, as it is kept and told |

mod clause;
mod mir_forms;
mod not_rust;
mod run;
mod sources;
pub mod verdict;

pub use run::{key, probe};
pub use verdict::Verdict;
