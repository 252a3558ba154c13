//! Commands of evcxr's that have no place here, and what to do instead. They are noted, so that notebooks which were
//! written for evcxr run.

/// Commands, with what to do instead.
const INSTEAD: &[(&[&str], &str)] = &[
    (
        &["efmt"],
        "`?` shows an error's own message; wrap the error in a type whose Debug form you like better",
    ),
    (
        &["preserve_vars_on_panic"],
        "variables outlive a panic in any case, unless the cell had moved them",
    ),
    (
        &["sccache", "cache", "clear_cache"],
        "what is compiled is kept without being asked to: `woozle cache` tells how much and `woozle cache clear` removes it; crates of `:dep` are in the cache folder, which `woozle doctor` names",
    ),
    (
        &["allow_static_linking"],
        "all crates are linked dynamically, so that their statics exist once",
    ),
    (
        &["internal_debug"],
        "start the kernel with WOOZLE_LOG=debug in its environment; `:last_compile_dir` names the generated source",
    ),
    (
        &["last_error_json"],
        "`rustc @rustc.args` in the folder that `:last_compile_dir` names prints rustc's messages as JSON",
    ),
    (
        &["load_config"],
        "there is no configuration file; put commands into the notebook's first cell",
    ),
    (
        &["time_passes"],
        "`:timing` shows what a cell's time is spent on; rustc's own passes need a nightly compiler",
    ),
    (
        &["codegen_backend"],
        "cells are compiled by LLVM: another backend needs a nightly compiler",
    ),
    (
        &["quiet"],
        "end the cell's last expression with `;`, and its value is not shown",
    ),
];

/// What to do instead of a command.
pub(crate) fn instead(word: &str) -> Option<&'static str> {
    let found = INSTEAD.iter().find(|(names, _)| names.contains(&word));
    found.map(|(_, advice)| *advice)
}
