//! `woozle`: a Jupyter kernel for Rust.

fn main() {}
