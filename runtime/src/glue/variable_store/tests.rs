//! Tests of `variable_store`. Each test has a store of its own, since each runs on its own thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use super::*;

/// What a panic says.
fn message<R>(f: impl FnOnce() -> R) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(f)) else {
        return "no panic".to_owned();
    };
    crate::process::panics::payload::text_as_std(&*panic)
}

fn names() -> Vec<String> {
    stored().into_iter().map(|stored| stored.name).collect()
}

#[test]
fn a_value_is_taken_and_put_back() {
    keep("v", vec![1]);
    let mut v: Vec<i32> = take("v");
    v.push(2);
    put_back("v", v);
    assert_eq!(take::<Vec<i32>>("v"), [1, 2]);
}

#[test]
fn what_is_stored_is_told_once_with_its_type() {
    keep("a", 1_u8);
    keep("b", String::new());
    assert_eq!(
        stored(),
        [
            Stored {
                name: "a".into(),
                type_name: "u8".into(),
                has_end: false,
            },
            Stored {
                name: "b".into(),
                type_name: "alloc::string::String".into(),
                has_end: true,
            },
        ]
    );
    assert_eq!(stored(), []);
    let a: u8 = take("a");
    put_back("a", a);
    assert_eq!(stored(), [], "it is not new");
}

#[test]
fn values_of_any_size_and_alignment_are_kept() {
    #[derive(Debug, PartialEq)]
    #[repr(align(128))]
    struct Aligned(u8);
    keep("unit", ());
    keep("aligned", Aligned(7));
    keep("large", [7_u8; 100_000]);
    take::<()>("unit");
    let aligned: Aligned = take("aligned");
    assert_eq!(aligned, Aligned(7));
    put_back("aligned", aligned);
    assert_eq!(take::<[u8; 100_000]>("large"), [7; 100_000]);
}

#[test]
fn a_variable_that_is_not_there_is_named() {
    keep("a", 1_u32);
    for (what, text) in [
        ("unknown", message(|| take::<u32>("b"))),
        ("of another size", message(|| take::<u64>("a"))),
        ("of another alignment", message(|| take::<[u8; 4]>("a"))),
        ("put back twice", message(|| put_back("a", 2_u32))),
        (
            "taken twice",
            message(|| (take::<u32>("a"), take::<u32>("a"))),
        ),
    ] {
        assert!(
            text.contains("the variable `") && text.contains("is not there"),
            "{what}: {text}"
        );
    }
    put_back("a", 3_u32);
    assert_eq!(take::<u32>("a"), 3, "what went wrong has left it as it was");
}

#[test]
fn each_value_is_dropped_once() {
    let value = Rc::new(());
    let alive = || Rc::strong_count(&value) - 1;
    keep("a", Rc::clone(&value));
    assert_eq!(alive(), 1);
    keep("a", Rc::clone(&value));
    assert_eq!(alive(), 1, "the one that had the name is dropped");
    drop(take::<Rc<()>>("a"));
    assert_eq!(alive(), 0);
    forget(&["a".into()]);
    assert_eq!(alive(), 0, "an empty slot drops nothing");
    keep("b", Rc::clone(&value));
    forget(&["unknown".into(), "b".into(), "b".into()]);
    assert_eq!(alive(), 0);
}

#[test]
fn a_cell_may_bind_the_name_of_what_it_has_taken() {
    keep("v", String::from("abc"));
    let v: String = take("v");
    keep("v", v.len());
    assert_eq!(take::<usize>("v"), 3);
    assert_eq!(names(), ["v", "v"]);
}

#[test]
fn a_thread_takes_its_values_with_it() {
    let (sender, receiver) = std::sync::mpsc::channel::<()>();
    std::thread::spawn(move || keep("sender", sender))
        .join()
        .expect("no panic");
    assert!(receiver.recv().is_err(), "the sender is dropped");
}

#[test]
fn a_destructor_may_use_the_store() {
    struct Nested;
    impl Drop for Nested {
        fn drop(&mut self) {
            keep("inner", 1_u8);
        }
    }
    keep("a", Nested);
    keep("a", 0_u8);
    assert_eq!(take::<u8>("inner"), 1);
    keep("b", Nested);
    forget(&["b".into()]);
    assert_eq!(take::<u8>("inner"), 1);
}

/// Notes its end.
struct Ends(&'static str, Rc<std::cell::RefCell<Vec<&'static str>>>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

#[test]
fn a_variable_is_as_old_as_its_let() {
    let ended = Rc::default();
    let ends = |name| Ends(name, Rc::clone(&ended));
    keep("first", ends("first"));
    age("early");
    place(Some("placed"), ends("placed"));
    keep_placed("placed", &[]);
    keep("early", ends("early"));
    drop(take::<Ends>("first"));
    keep_again("first", ends("again"));
    end_cell();
    forget(&["first", "early", "placed"].map(str::to_owned));
    assert_eq!(*ended.borrow(), ["first", "placed", "early", "again"]);
    ended.borrow_mut().clear();
    place(Some("owner"), ends("owner"));
    keep_placed("owner", &[]);
    keep("other", ends("other"));
    drop(take_owner::<Ends>("owner"));
    end_cell();
    keep_again("owner", ends("given later"));
    forget(&["owner", "other"].map(str::to_owned));
    assert_eq!(*ended.borrow(), ["owner", "other", "given later"]);
}

#[test]
fn what_has_lost_its_name_ends_with_what_borrows_from_it() {
    let ended = Rc::default();
    let ends = |name| Ends(name, Rc::clone(&ended));
    keep("v", ends("old"));
    assert_eq!(shadow::<Ends>("v").0, "old");
    keep_borrower("first", 0_u8, &[], false);
    keep("v", ends("new"));
    end_cell();
    forget(&["v".to_owned()]);
    assert_eq!(*ended.borrow(), ["new"], "`first` has its owner");
    forget(&["first".to_owned()]);
    assert_eq!(*ended.borrow(), ["new", "old"]);
}

#[test]
fn a_cell_that_fails_gives_names_back() {
    let ended = Rc::default();
    keep("v", Ends("old", Rc::clone(&ended)));
    shadow::<Ends>("v");
    unshadow("v");
    end_cell();
    assert!(ended.borrow().is_empty());
    assert_eq!(take::<Ends>("v").0, "old");
}

#[test]
fn what_has_no_name_is_not_dropped_after_what_it_borrows_from() {
    let ended = Rc::default();
    let ends = |name| Ends(name, Rc::clone(&ended));
    keep("text", ends("text"));
    place(None, ends("temporary"));
    keep_borrower("first", 0_u8, &["text"], false);
    end_cell();
    take_ended::<u8>("first");
    drop(take::<Ends>("text"));
    forget(&["first".to_owned(), "text".to_owned()]);
    end_cell();
    assert_eq!(*ended.borrow(), ["text"]);
}

#[test]
fn what_has_no_name_and_borrows_from_no_variable_is_dropped() {
    let ended = Rc::default();
    let ends = |name| Ends(name, Rc::clone(&ended));
    keep("text", ends("text"));
    hold(ends("temporary"));
    keep_borrower("first", 0_u8, &["text"], false);
    end_cell();
    take_ended::<u8>("first");
    drop(take::<Ends>("text"));
    forget(&["first".to_owned(), "text".to_owned()]);
    end_cell();
    assert_eq!(*ended.borrow(), ["text", "temporary"]);
}

#[test]
fn what_only_holds_references_keeps_nothing_from_being_dropped_in_its_turn() {
    let ended = Rc::default();
    let ends = |name| Ends(name, Rc::clone(&ended));
    keep("view", 0_u8);
    keep("other", ends("other"));
    keep("text", ends("text"));
    take::<u8>("view");
    put_back_borrower("view", 0_u8, &["text"]);
    keep_borrower("guard", ends("guard"), &["view"], true);
    let names = ["view", "other", "text", "guard"].map(str::to_owned);
    forget(&names);
    assert_eq!(*ended.borrow(), ["guard", "text", "other"]);
    ended.borrow_mut().clear();
    keep("guarded", ends("guarded"));
    keep("last", ends("last"));
    take::<Ends>("guarded");
    put_back_borrower("guarded", ends("guarded"), &["last"]);
    ended.borrow_mut().clear();
    forget(&["guarded", "last"].map(str::to_owned));
    assert_eq!(*ended.borrow(), ["guarded", "last"], "it may look at that");
}

#[test]
fn what_a_taken_owner_borrows_from_stays_for_the_cell() {
    let ended = Rc::default();
    let ends = |name| Ends(name, Rc::clone(&ended));
    place(Some("owner"), ends("owner"));
    keep_placed("owner", &[]);
    keep_borrower("guard", ends("guard"), &["owner"], true);
    let guard = take_owner::<Ends>("guard");
    keep("owner", 0_u8);
    assert!(ended.borrow().is_empty(), "the guard has its owner");
    drop(guard);
    end_cell();
    assert_eq!(*ended.borrow(), ["guard", "owner"]);
}
