//! Tests of when an interrupt is for a cell.

use super::*;
use crate::testing::the_only_cell;

/// A cell that ends only when it is interrupted.
fn endless() {
    loop {
        check();
        std::thread::yield_now();
    }
}

#[test]
fn an_interrupt_before_the_first_statement_is_for_the_cell() {
    let _one = the_only_cell();
    prepare();
    expect();
    // As if its library were still being loaded.
    request(|| {});
    let cell = std::thread::spawn(|| while_running(endless));
    assert!(cell.join().is_err());
    is_over();
}

#[test]
fn an_interrupt_between_cells_is_for_none() {
    let _one = the_only_cell();
    prepare();
    expect();
    is_over();
    request(|| {});
    expect();
    let cell = std::thread::spawn(|| while_running(check));
    assert!(cell.join().is_ok());
    is_over();
}
