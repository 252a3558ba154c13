//! The cell host: a process that the kernel starts to load and run cells. See `woozle::host`.

#[macro_use]
mod next;
mod clock;
mod interpose;
mod system_call;
mod threads;

use std::process::ExitCode;

fn main() -> ExitCode {
    // libc's own function is looked up now: where the process is being copied, nothing may be.
    let _ = std::time::Instant::now();
    woozle::host::main()
}
