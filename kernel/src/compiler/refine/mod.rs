//! What compiling finds out, and what is done differently in the next run.
//!
//! Some things only rustc knows, and it says them by errors in generated code. The [`driver`](crate::compiler::driver) compiles
//! again as long as there is something new to learn:
//!
//! | rustc says | finding | |
//! |---|---|---|
//! | a use after a move at our `put_back` | the cell moves the variable away: it is not put back | `ownership` |
//! | the same, of a value that is moved in part | the rest is put back | `parts` |
//! | a borrow error that ends at our `keep_variable` | the variable ends with its cell, with a note | `ownership` |
//! | the same, and what is borrowed from is a variable | that one stands in place, and the other borrows from it beyond the cell | `borrows` |
//! | the type of a new variable that borrows has a `Cell`, say, in the MIR | it has to live exactly as long as the variable | `borrows` |
//! | an error at a tie | what borrows from a variable ends within the cell | `borrows` |
//! | a closure's type in the MIR | it is kept as a function pointer if it captures nothing, else as a boxed `dyn Fn`, with its signature from the MIR; first `Send + Sync`, then `Send`, then neither | `unnameable` |
//! | a type with a closure or the like in it, in the MIR | it is kept as it is: written with `impl`, its type is in the result of a function, from which later cells have it | `kinds` |
//! | an error in a module that is there for tests only | it is left out, with a note | `untested` |
//! | a `?` on an `Option` that leaves the cell | an error is made of `None` | `questions` |
//! | there is nothing of the name that `keep_variable` has | an attribute took the `let` away, or a macro binds no such variable | `unbound` |
//! | an `impl Iterator` or `impl Future` in the MIR | it is kept boxed; a helper that is generic over `Item` or `Output` makes that type appear in the MIR | `unnameable` |
//! | an `impl` overlaps with an older one, or is not in the crate of its type | the older one ends, or the type is compiled again | `coherence` |
//! | a path of an added crate is private | another one is taken | `public_paths` |
//! | it cannot infer the type of a `let` | that statement waits for a later cell, with what depends on it | `open` |
//! | a number of an earlier cell has the default type, and nothing has used it since | its `let` is run again, for the type that is wanted | `defaults` |
//!
//! Errors of borrowing stop before code generation, so such a run is cheap; when a variable is bound to a closure or an async
//! block, the first run is only as far as the types. An error that is not in generated code is the user's, and is shown.

pub(crate) mod borrows;
pub(crate) mod coherence;
mod generated;
pub(crate) mod kinds;
pub(crate) mod open;
pub(crate) mod ownership;
mod parts;
pub mod public_paths;
pub(crate) mod questions;
mod spelled;
pub(crate) mod unbound;
pub(crate) mod unnameable;
pub(crate) mod untested;
pub mod waiting;
