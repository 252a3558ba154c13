//! The cell host: a process that the kernel starts to load and run cells. See `woozle::host`.

mod interpose;

use std::process::ExitCode;

fn main() -> ExitCode {
    woozle::host::main()
}
