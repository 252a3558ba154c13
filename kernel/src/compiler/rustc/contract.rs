//! The contract with rustc: all that is relied on of what it prints and that it does not promise.
//!
//! Each phrase of a message, code of an error, form of the MIR and name in a type that the compiler's code looks for is
//! a constant of this file, with who relies on it. [`probe`](super::probe) compiles a small source for each of them with the
//! rustc that is there, once, and tells which one it has broken; `woozle doctor` and a session's first failure say so.

/// Codes of errors.
pub mod code {
    /// A value is used after it has moved, or before it has one. `refine::ownership`: the cell moves a variable away.
    pub const MOVED: [&str; 2] = [UNINITIALISED, USED_AFTER_MOVE];
    /// Of the two, the first.
    pub const UNINITIALISED: &str = "E0381";
    /// Of the two, the second.
    pub const USED_AFTER_MOVE: &str = "E0382";
    /// An import leads nowhere, or its name is defined here. `refine::ownership`: it is left out.
    pub const ABSENT_IMPORT: [&str; 3] = ["E0432", "E0433", "E0255"];
    /// A path leads nowhere, or to what is private. `refine::ownership`: a variable's type cannot be named.
    pub const UNNAMEABLE: [&str; 4] = ["E0412", UNKNOWN_VALUE, "E0433", "E0603"];
    /// `extern crate` of what is not there. `diagnostics::advice` advises `:dep`.
    pub const NO_CRATE: &str = "E0463";
    /// `.await` outside an async block. `refine::ownership`: it was hidden in a macro.
    pub const AWAIT: &str = "E0728";
    /// Something borrows longer than it may. `refine::ownership`: a variable ends with its cell.
    pub const BORROWS: [&str; 14] = [
        OUTLIVES,
        MOVED_WHILE_BORROWED,
        "E0506",
        "E0515",
        "E0521",
        "E0716",
        "E0373",
        "E0310",
        "E0499",
        "E0500",
        "E0501",
        "E0502",
        "E0503",
        "E0524",
    ];
    /// Of those: what is borrowed is used. `refine::borrows`: what borrows ends where it is used last.
    pub const CONFLICTS: [&str; 8] = [
        MOVED_WHILE_BORROWED,
        "E0499",
        "E0500",
        "E0501",
        "E0502",
        "E0503",
        "E0506",
        "E0524",
    ];
    /// Of those: a temporary value ends too early. `refine::borrows`: one whose life is extended is kept.
    pub const TEMPORARY: &str = "E0716";
    /// Of those: a closure borrows what ends before it. `refine::borrows` reads the name.
    pub const CLOSURE_OUTLIVES: &str = "E0373";
    /// Something is moved out of a reference, or a field out of what has a destructor. `refine::borrows`: the cell moves a variable
    /// that stands in place.
    pub const MOVED_OUT: [&str; 2] = ["E0507", "E0509"];
    /// What is behind a `&` is borrowed mutably. `refine::borrows`: it is behind a `&mut` that stands in place.
    pub const BEHIND_SHARED: &str = "E0596";
    /// Of those: what is borrowed ends too early. `diagnostics::advice`, `diagnostics::select`.
    pub const OUTLIVES: &str = "E0597";
    /// Of those: what is borrowed is moved. `diagnostics::advice`, `diagnostics::select`.
    pub const MOVED_WHILE_BORROWED: &str = "E0505";
    /// Two inherent functions have one name. `refine::coherence`: the earlier one is left out.
    pub const DUPLICATE_METHOD: &str = "E0592";
    /// Two impls overlap. `refine::coherence`: the earlier one ends.
    pub const OVERLAP: &str = "E0119";
    /// An `impl` is not in the crate of its type or trait. `refine::coherence`: they are compiled again with it.
    pub const ORPHAN: [&str; 3] = ["E0116", "E0117", "E0210"];
    /// A lifetime is missing. `refine::coherence`: a static is not taken from another crate.
    pub const LIFETIME_MISSING: &str = "E0106";
    /// A name is not known. `diagnostics::advice`: an earlier cell may have had it.
    pub const NOT_FOUND: [&str; 6] = ["E0405", "E0412", "E0422", UNKNOWN_VALUE, "E0432", "E0433"];
    /// Of those, a value's. `diagnostics::advice`.
    pub const UNKNOWN_VALUE: &str = "E0425";
    /// A macro's name, say, stands where a value's has to. `diagnostics::advice`.
    pub const NO_VALUE: &str = "E0423";
    /// An item names a variable around it. `diagnostics::advice`.
    pub const CAPTURED_BY_ITEM: &str = "E0434";
    /// A type cannot be inferred. `refine::open`: the statement waits for a later cell.
    pub const INFERENCE: [&str; 4] = ["E0282", "E0283", "E0284", "E0790"];
    /// A type is not what is wanted. `refine::open`: a number got the default type in an earlier cell; the first one,
    /// `refine::borrows`: the MIR shows a type that is hidden.
    pub const MISMATCHES: [&str; 2] = ["E0308", "E0277"];
    /// A bound does not hold. `diagnostics::send_errors`.
    pub const BOUNDS: [&str; 3] = ["E0271", "E0277", "E0599"];
    /// What the codes of the lexer's errors begin with: E0758 to E0768. `diagnostics::syntax_errors`.
    pub const LEXER: &str = "E07";
}

/// Levels of messages. All of `diagnostics`, and `rustc::invocation`.
pub mod level {
    /// An error; also "error: internal compiler error", which begins with it.
    pub const ERROR: &str = "error";
    /// A warning.
    pub const WARNING: &str = "warning";
    /// A note.
    pub const NOTE: &str = "note";
    /// What is said at the very end.
    pub const FAILURE_NOTE: &str = "failure-note";
    /// A suggestion.
    pub const HELP: &str = "help";
}

/// What rustc can write, and how it calls it when it tells that it has.
pub mod emit {
    /// The object, of which is told last. `rustc::messages` counts rustc as done.
    pub const OBJECT: &str = "obj";
    /// What other crates read.
    pub const METADATA: &str = "metadata";
    /// The MIR.
    pub const MIR: &str = "mir";
    /// What the source reads: see [`super::dep_info`].
    pub const DEP_INFO: &str = "dep-info";
}

/// The dep-info: a line for each file that was read, with a colon at its end; and for the environment. `compiler::rustc::cache`.
pub mod dep_info {
    /// What a line begins with that names a variable which `env!` has read, and its value.
    pub const ENVIRONMENT: &str = "# env-dep:";
    /// The variable that rustc is given here, and not by the environment.
    pub const FOLDER: &str = "CARGO_MANIFEST_DIR";
}

/// Phrases of messages.
pub mod phrase {
    /// The last error, which only counts the others. `diagnostics::select`.
    pub const ABORTING: &str = "aborting due to";
    /// How a label begins where a closure returns what is borrowed too long. `refine::borrows`.
    pub const RETURNING: &str = "returning this value requires that ";
    /// The label of the use for which a closure takes a value with it, where another one stands for all of it. `refine::parts`.
    pub const CAPTURED_FOR: &str = "capture is moved because of use here";
    /// What an error says of a value of which a part was moved. `refine::parts`.
    pub const MOVED_IN_PART: &str = "partially moved value";
    /// What stands before that part in a note. `refine::parts`.
    pub const PART: &str = "partial move occurs because `";
    /// What stands between the lifetimes of an error on them. `refine::borrows`.
    pub const MUST_OUTLIVE: &str = " must outlive ";
    /// What is advised as the type of a variable that stands in place and is a `&mut`, where a closure changes what that refers to.
    /// `refine::borrows`.
    pub const TO_UNIQUE: &str = "&mut &mut ";
    /// What ends a label that says that something has to live for ever. `refine::borrows`.
    pub const FOR_EVER: &str = "`'static`";
    /// What stands before the name in an error of [`CLOSURE_OUTLIVES`](super::code::CLOSURE_OUTLIVES). `refine::borrows`.
    pub const BUT_BORROWS: &str = "but it borrows `";
    /// What stands before the name of what borrows until it is dropped. `refine::borrows`.
    pub const WHEN_DROPPED: &str = "might be used here, when `";
    /// A borrow error without a code. `refine::ownership`.
    pub const LIFETIME: &str = "lifetime may not live long enough";
    /// What follows the name in an error of [`OUTLIVES`](super::code::OUTLIVES). `diagnostics::select`.
    pub const ENDS_EARLY: &str = "does not live long enough";
    /// An overlap that there may be some day. `refine::coherence`: the type is compiled again.
    pub const FUTURE_OVERLAP: &str = "may add a new impl";
    /// What stands before the kind of a name that is not known. `diagnostics::advice`.
    pub const CANNOT_FIND: &str = "cannot find ";
    /// What stands before the name of a crate that is not known. `diagnostics::advice` advises `:dep`.
    pub const MISSING_CRATE: &str = "you might be missing a crate named `";
    /// The same for `extern crate`.
    pub const NO_CRATE: &str = "can't find crate for `";
    /// A suggestion of an import. `diagnostics::advice`.
    pub const IMPORTING: &str = "importing";
    /// A note on the function whose bound does not hold. `diagnostics::send_errors`.
    pub const REQUIRED_BY: &str = "required by a bound in";
    /// A note on the impl whose bound does not hold. `diagnostics::send_errors`.
    pub const REQUIRED_FOR: &str = "required for ";
    /// The same for what `?` makes of an error. `diagnostics::render` leaves it out: that type is ours.
    pub const REQUIRED_FOR_FAILURE: &str = "required for `Failure` to implement `From<";
    /// The end of an error on a trait that holds for one lifetime only. `diagnostics::send_errors`.
    pub const NOT_GENERAL: &str = "is not general enough";
    /// What rustc calls the closure that the statements are in, and what they should be called. `diagnostics::render`.
    pub const IN_CLOSURE: (&str, &str) = (
        "in a closure that returns `Result`",
        "at the top level of a cell",
    );
    /// The same for `break`. `diagnostics::render`.
    pub const INSIDE_CLOSURE: (&str, &str) = ("inside of a closure", "outside of a loop");
    /// What the labels say of them.
    pub const CANNOT_INSIDE: (&str, &str) = ("inside of a closure", "here: there is no loop");
    /// The same in an async block, where the statements await. `diagnostics::render`.
    pub const INSIDE_ASYNC: [&str; 2] = ["inside of an `async` block", "inside `async` block"];
    /// What the error of `?` on an `Option` begins with. `refine::questions`.
    pub const QUESTION_OF_OPTION: &str =
        "the `?` operator can only be used on `Result`s, not `Option`s";
    /// A constant that panics. `diagnostics::render` shows the panic's own words.
    pub const CONST_PANIC: &str = "evaluation panicked: ";
    /// What stands before the name of what is evaluated. `diagnostics::plain`.
    pub const EVALUATION_OF: &str = "evaluation of `";
    /// Why a lint is on. `diagnostics::render` leaves it out: the flags are ours.
    pub const LINT_FLAG: &str = "requested on the command line";
    /// A long type was written to a file. `diagnostics::render` leaves that out.
    pub const TYPE_IN_FILE: &str = "the full name for the type has been written to";
    /// What is advised then. `diagnostics::render` leaves that out.
    pub const USE_VERBOSE: &str = "consider using `--verbose` to print the full type name";
    /// What an error of the lexer leads to. `diagnostics::syntax_errors` leaves it out.
    pub const STRAY_LET: &str = "expected expression, found `let` statement";
    /// What an error at an expression's end leads to in an included file. `diagnostics::syntax_errors` leaves it out.
    pub const STRAY_INCLUDE: &str = "non-expression macro in expression position: include";
    /// What rustc calls the included text. `diagnostics::syntax_errors`.
    pub const THIS_FILE: &str = "this file";
    /// How the brace behind the cell is called where it should not be. `diagnostics::syntax_errors`.
    pub const FOUND_BRACE: [&str; 2] = ["found `}`", "unexpected token: `}`"];
}

/// How types without a name are written, in messages and in the MIR.
pub mod unnamed {
    /// A closure in a message or in the MIR: `{closure@cell [3]:1:9: 1:12}`; of another crate,
    /// `{closure@cell_2::compose<i32>::{closure#0}}`. `diagnostics::render`, `refine::unnameable`.
    pub const CLOSURE_AT: &str = "{closure@";
    /// What any closure begins with.
    pub const CLOSURE: &str = "{closure";
    /// What an async block or function begins with. `refine::unnameable`.
    pub const ASYNC: &str = "{async";
    /// An async block of another crate: `{async block@cell_2::fetch::{closure#0}}`. `refine::kinds`.
    pub const ASYNC_BLOCK: &str = "{async block@";
    /// The future of an async function: `{async fn body of fetch()}`, `{async fn body of cell_2::fetch<i32>()}`. `refine::spelled`.
    pub const ASYNC_FUNCTION: &str = "{async fn body of ";
    /// What an async closure begins with, for which there is no trait object. `refine::unnameable`.
    pub const ASYNC_CLOSURE: &str = "{async closure";
    /// What a coroutine begins with. `types::spelling`.
    pub const COROUTINE: &str = "{coroutine";
    /// An opaque type. `refine::unnameable`.
    pub const IMPL: &str = "impl ";
    /// What a function pointer begins with, and a function's own type.
    pub const FUNCTION_POINTER: &str = "fn(";
    /// What stands between a function pointer and the function in a function's own type: `fn(i32) -> i32 {double}`.
    pub const FUNCTION: &str = " {";
    /// An erased lifetime. `types::spelling`.
    pub const LIFETIME: &str = "'{erased}";
    /// What `type_name` has for anything without a name: `{{closure}}`. `types::spelling`.
    pub const IN_TYPE_NAME: &str = "{{";
    /// A path of std that is not stable, which the MIR has for `AtomicU32` and the like. `types::spelling`.
    pub const ATOMIC: [&str; 4] = ["std", "sync", "atomic", "Atomic"];
}

/// Forms of the MIR. `rustc::mir` reads the types of variables from it.
pub mod mir {
    /// The calls that keep variables, with the turbofish that lists their types: `keep_variable::<Vec<i32>, 0>(`.
    pub const KEEP: [&str; 6] = [
        KEEP_VARIABLE,
        KEEP_KIND,
        "keep_iterator::<",
        "keep_future::<",
        "keep_callable::<",
        "type_of::<",
    ];
    /// Of those: the call whose type argument is the variable's own.
    pub const KEEP_VARIABLE: &str = "keep_variable::<";
    /// Another one.
    pub const KEEP_KIND: &str = "keep_kind::<";
    /// What stands before a closure that captures nothing, as a value.
    pub const ZERO_SIZED: &str = "const ZeroSized: ";
    /// What stands before a future's type where it is polled.
    pub const PINNED: &str = "(_1: Pin<&mut ";
    /// What stands before a future's output where it is polled.
    pub const POLL: &str = "-> Poll<";
    /// What a number may have behind it among the arguments.
    pub const USIZE: &str = "_usize";
    /// A closure that captures nothing, as an argument.
    /// What stands before a local variable that something takes: if it is copied, and if it is perhaps not.
    pub const OPERANDS: [&str; 2] = ["copy _", "move _"];
    pub const EMPTY_CLOSURE: &str = "const ZeroSized: {closure";
    /// What the head of a function begins with; it ends with `{`.
    pub const FUNCTION: &str = "fn ";
    /// What stands before the first parameter of a closure's function, the closure itself.
    pub const SELF_PARAMETER: &str = "(_1: ";
    /// The ways in which a closure's function takes the closure, and the trait that each is of.
    pub const KINDS: [(&str, &str); 3] = [("&", "Fn"), ("&mut ", "FnMut"), ("", "FnOnce")];
    /// The traits of async closures in those ways.
    pub const ASYNC_KINDS: [&str; 3] = [
        "::core::ops::AsyncFn",
        "::core::ops::AsyncFnMut",
        "::core::ops::AsyncFnOnce",
    ];
    /// What follows the path of an async closure in that of the function which polls its future.
    pub const BODY: &str = "::{closure#0}";
}
