//! Child processes: how they are started, what they begin with, and how their end is noticed.
//!
//! **Which function?** A function item, or a closure that captures nothing, has no bytes: its type says all. Each call of a
//! verb makes a function for its types (`pool::task`, `process::main_with`), which conjures it, decodes the arguments, calls
//! it, and encodes the result. That one has an address in a cell's library; the child loads the library and calls it.
//! A closure that captures is refused at compile time: by the trait `Portable` if it is not `Copy`, else by an assertion. One
//! that looks like a function pointer is refused when it is called.
//!
//! **The forkserver** runs before `main`, by a constructor, if the program is not ours (tests, other programs that use the
//! runtime); in the host, `main` calls it. Its children are made with `CLONE_PARENT`, so that they are the host's own: the
//! host waits for them itself, and a forkserver that dies costs nothing but a new one. `PR_SET_PDEATHSIG` ends them with
//! the host. It is the parent's thread that counts for this, so the thread that starts forkservers (`service`) never ends.
//!
//! | file | what it is |
//! |---|---|
//! | `function`, `entry` | which functions can be called in a child; a function's address as library and offset |
//! | `environment` | what a child begins with |
//! | `forkserver` | the process that starts children |
//! | `service` | the parent's thread that hears children and notices their end |
//! | `child`, `watched` | a child as its parent sees it |
//! | `child_main`, `link` | a child's own life, and its end of the link to the parent |
//! | `recorded` | what a child does while a cell runs under `%%timeline` |
//! | `exit` | how a child has ended |

pub(super) mod child;
pub(super) mod child_main;
pub(super) mod entry;
pub(super) mod environment;
pub(super) mod exit;
pub(super) mod forkserver;
pub(super) mod function;
pub(super) mod link;
pub(super) mod recorded;
pub(super) mod service;
pub(super) mod watched;
