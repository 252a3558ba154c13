//! What this program knows about a Jupyter installation: its folders, its kernelspecs, its programs.

pub mod connection;
pub mod dirs;
pub mod kernelspec;
pub mod lab;
pub mod private_lab;

pub use dirs::Dirs;
pub use kernelspec::{Kernelspec, KernelspecError};
pub use lab::Lab;
