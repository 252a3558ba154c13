//! Tests of `mir`.
