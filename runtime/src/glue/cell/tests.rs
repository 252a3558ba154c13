//! Tests of `cell`.

use super::*;
use crate::process::output;
use crate::testing::the_only_cell;

fn parse(text: &str) -> Result {
    text.parse::<u8>()?;
    Ok(())
}

#[test]
fn a_cell_ends_in_one_of_three_ways() {
    let _one = the_only_cell();
    assert!(run(&mut || Ok(())));
    assert_eq!(outcome(), Outcome::Completed);
    assert!(!run(&mut || parse("x")));
    let Outcome::Failed {
        type_name,
        message,
        place: Some(place),
    } = outcome()
    else {
        panic!("it has failed")
    };
    assert!(
        type_name.ends_with("ParseIntError") && message == "invalid digit found in string",
        "{type_name}: {message}"
    );
    assert!(
        place.file.ends_with("tests.rs") && place.line == 8,
        "{place:?}"
    );
    assert!(!run(&mut || panic!("in {}", "the test")));
    let Outcome::Panicked(panic) = outcome() else {
        panic!("it has panicked")
    };
    assert_eq!(panic.message, "in the test");
    assert_eq!(outcome(), Outcome::Completed, "it is told once");
}

#[test]
fn the_text_of_a_panic_is_read() {
    assert_eq!(
        crate::process::panics::payload::text_as_std(&"text"),
        "text"
    );
    assert_eq!(
        crate::process::panics::payload::text_as_std(&String::from("owned")),
        "owned"
    );
    assert_eq!(
        crate::process::panics::payload::text_as_std(&7_u8),
        "Box<dyn Any>"
    );
}

#[test]
fn a_future_that_another_thread_wakes_is_waited_for() {
    let mut waker: Option<std::thread::JoinHandle<()>> = None;
    let future = std::future::poll_fn(move |context| match waker.take() {
        Some(thread) => {
            thread.join().expect("no panic");
            Poll::Ready(7)
        }
        None => {
            let wake = context.waker().clone();
            waker = Some(std::thread::spawn(move || wake.wake()));
            Poll::Pending
        }
    });
    assert_eq!(block_on(future), 7);
    assert_eq!(block_on(async { 1 + block_on(async { 2 }) }), 3);
}

#[test]
fn iterators_and_futures_without_a_name_are_kept() {
    keep_iterator::<_, _, 0>("i", (0..3).map(|n| n * 2));
    let kept: Box<dyn Iterator<Item = i32>> = take("i");
    assert_eq!(kept.collect::<Vec<_>>(), [0, 2, 4]);
    keep_future::<_, _, 1>("f", async { "done" });
    let kept: std::pin::Pin<Box<dyn Future<Output = &'static str>>> = take("f");
    assert_eq!(block_on(kept), "done");
}

#[test]
fn a_thread_that_panicked_is_told_by_its_panic() {
    let _one = the_only_cell();
    let join = |payload: Box<dyn std::any::Any + Send>| -> Result { Err(payload)? };
    for (payload, said) in [
        (Box::new("text") as Box<dyn std::any::Any + Send>, "text"),
        (Box::new("a".to_owned()), "a"),
        (Box::new(7), "Box<dyn Any>"),
    ] {
        let mut payload = Some(payload);
        run(&mut || join(payload.take().unwrap()));
        let Outcome::Failed { message, .. } = outcome() else {
            panic!("it has failed")
        };
        assert_eq!(message, said);
    }
    // What borrows is no panic, and is read as it is.
    let text = String::from("borrowed");
    let failure = Failure::from(text.as_str());
    assert_eq!(failure.message, "borrowed");
}

#[test]
fn a_question_of_an_option_ends_the_cell() {
    let _one = the_only_cell();
    assert!(!run(&mut || {
        None::<u8>.ok_or(Absent)?;
        Ok(())
    }));
    let Outcome::Failed { type_name, .. } = outcome() else {
        panic!("it has failed")
    };
    assert_eq!(type_name, "None");
    assert!(run(&mut || {
        assert_eq!(Some(1).ok_or(Absent)?, 1);
        done()
    }));
    assert_eq!(outcome(), Outcome::Completed);
}

#[test]
fn a_kind_stands_for_a_type_without_a_name() {
    let _one = the_only_cell();
    fn add_two() -> Kind<Option<impl Fn(u8) -> u8>> {
        let kind = kind();
        keep_kind::<_, 0>("k", Some(|n| n + 2), kind);
        kind
    }
    add_two();
    let kept = take_kind("k", add_two);
    assert_eq!(kept.map(|add| add(1)), Some(3));
}

#[test]
fn tests_are_told_and_their_failure_is_the_cells() {
    let _one = the_only_cell();
    let test = |name, run| Test {
        name,
        ignored: None,
        panics: None,
        run,
    };
    let panics = |name, wanted| Test {
        panics: Some(wanted),
        run: || panic!("out of honey"),
        ..test(name, || Ok(()))
    };
    let good = || {
        [
            test("plain", || tested(())),
            panics("panics", "honey"),
            Test {
                ignored: Some(""),
                run: || panic!("it is not run"),
                ..test("ignored", || Ok(()))
            },
        ]
    };
    let told = |tests: &[Test]| {
        let (ended, text) = output::capture(&mut || run(&mut || run_tests(tests)));
        (ended, String::from_utf8(text).expect("text"))
    };
    let (ended, text) = told(&good());
    assert!(ended);
    assert_eq!(
        text,
        "running 3 tests\ntest plain ... ok\ntest panics - should panic ... ok\ntest ignored ... ignored\n\
         test result: ok. 2 passed; 0 failed; 1 ignored\n"
    );
    let mut tests = Vec::from(good());
    tests.push(test("fails", || tested(Err::<(), _>("no tea"))));
    tests.push(panics("other", "tea"));
    tests.push(Test {
        panics: Some(""),
        ..test("quiet", || Ok(()))
    });
    let (ended, text) = told(&tests);
    assert!(!ended);
    assert!(text.ends_with(
        "test fails ... FAILED\ntest other - should panic ... FAILED\ntest quiet - should panic ... FAILED\n\
         test result: FAILED. 2 passed; 3 failed; 1 ignored\n"
    ));
    let Outcome::Failed { message, .. } = outcome() else {
        panic!("it has failed")
    };
    assert!(message.starts_with("3 of 6 failed: `fails`, `other`, `quiet`"));
}
