//! Tests of `diagnostics`.
