//! Has the runtime's files leave out what cannot be explored.

fn main() {
    println!("cargo::rustc-cfg=explored");
    println!("cargo::rerun-if-changed=build.rs");
}
