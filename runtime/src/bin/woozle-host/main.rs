//! The cell host: a process that the kernel starts to load and run cells. See `woozle::host`.

#[macro_use]
mod next;
mod interpose;
mod threads;

use std::process::ExitCode;

fn main() -> ExitCode {
    woozle::host::main()
}
