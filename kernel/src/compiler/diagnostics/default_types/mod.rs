//! Numbers that got the default type in an earlier cell, where another one is wanted now.

mod note;
mod origin;

pub(super) use note::advice;
