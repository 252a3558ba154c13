//! How calls are named.

use super::*;
use crate::backtrace::{called, users};

#[test]
fn functions_are_named_as_people_name_them() {
    for (whole, named) in [
        ("woozle::threading::lock::Lock::acquire", "Lock::acquire"),
        (
            "std::sync::mpsc::Receiver<alloc::vec::Vec<T>>::recv",
            "Receiver::recv",
        ),
        ("<std::sync::Mutex<T> as a::B<C>>::lock", "Mutex::lock"),
        ("core::ptr::write_volatile", "ptr::write_volatile"),
        ("std::thread::scoped::scope::<F, T>", "thread::scope"),
        ("std::thread::functions::park", "thread::park"),
        ("std::thread::park", "thread::park"),
        (
            "std::thread::join_handle::JoinHandle<T>::join",
            "JoinHandle::join",
        ),
        ("main", "main"),
        ("", ""),
    ] {
        assert_eq!(short(whole), named, "{whole}");
    }
}

#[test]
fn a_symbol_has_one_name_whichever_rustc_made_it() {
    for (symbol, name) in [
        ("_ZN6cell_43Jar3eat17h0123456789abcdefE", "cell_4::Jar::eat"),
        ("_RNvMCs123_6cell_4NtB2_3Jar3eat", "cell_4::Jar::eat"),
        (
            "_RNvXCs123_6cell_4NtB2_3JarNtB2_4Open4open",
            "<cell_4::Jar as cell_4::Open>::open",
        ),
        ("main", "main"),
    ] {
        assert_eq!(demangled(symbol), name, "{symbol}");
    }
}

#[test]
fn what_the_user_has_called_is_the_call_before_the_users_own() {
    let call = |function: &str, line| Call {
        function: function.into(),
        place: Option::map(line, |line| Place {
            file: "cell [2]".into(),
            line,
            column: 1,
        }),
    };
    let calls = [
        call("syscall", None),
        call("woozle::Lock::acquire", None),
        call("f", Some(3)),
        call("std::thread::spawn", None),
        call("g", Some(1)),
    ];
    assert_eq!(called(&calls).as_deref(), Some("Lock::acquire"));
    assert_eq!(called(&calls[..2]), None);
    assert_eq!(called(&calls[2..]), None);
    assert_eq!(users(&calls).len(), 2);
}
