//! `woozle`: a Jupyter kernel for Rust. Everything is in the library; this only starts it.

use std::process::ExitCode;

fn main() -> ExitCode {
    woozle_kernel::cli::main()
}
