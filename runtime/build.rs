//! The host's own `write`, `pthread_create`, ... must be visible to the libraries it loads.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-bins=-Wl,--export-dynamic");
}
