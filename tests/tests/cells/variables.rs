//! What a cell leaves to the later ones: variables, statics, closures, errors on the way.

use crate::support::Session;

#[test]
fn a_static_is_one_for_all_cells() {
    let mut session = Session::start();
    let cell = "use std::sync::Mutex;\nstatic LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());\n\
        fn log(n: u8) { LOG.lock().unwrap().push(n) }\nlog(1);";
    session.run(cell).ok();
    session.run("LOG.lock().unwrap().push(2); log(3);").ok();
    session
        .run("std::thread::spawn(|| log(4)).join().unwrap();")
        .ok();
    session
        .run("LOG.lock().unwrap().clone()")
        .gives("[1, 2, 3, 4]");
}

#[test]
fn a_static_inside_a_function_is_one_for_all_cells() {
    let mut session = Session::start();
    let cell = "fn next() -> u32 {\n    use std::sync::atomic::{AtomicU32, Ordering};\n    \
        static COUNT: AtomicU32 = AtomicU32::new(0);\n    COUNT.fetch_add(1, Ordering::SeqCst)\n}\nnext()";
    session.run(cell).gives("0");
    session.run("next()").gives("1");
    // Its caller is compiled anew, the function and its static are not.
    session
        .run("fn twice() -> (u32, u32) { (next(), next()) }")
        .ok();
    session.run("twice()").gives("(2, 3)");
    session
        .run("fn twice() -> [u32; 2] { [next(), next()] }")
        .ok();
    session.run("twice()").gives("[4, 5]");
}

#[test]
fn a_thread_local_is_one_for_all_cells_of_a_thread() {
    let mut session = Session::start();
    let cell = "use std::cell::Cell;\nthread_local! { static COUNT: Cell<u32> = const { Cell::new(10) }; }\n\
        COUNT.set(11);";
    session.run(cell).ok();
    session
        .run("COUNT.with(|count| count.set(count.get() + 1));")
        .ok();
    session.run("COUNT.get()").gives("12");
    session
        .run("std::thread::spawn(|| COUNT.get()).join().unwrap()")
        .gives("10");
}

#[test]
fn a_closure_that_captures_nothing_is_kept() {
    let mut session = Session::start();
    session.run("let double = |n: i32| 2 * n;").ok();
    session.run("double(21)").gives("42");
    session.run("[1, 2].map(double)").gives("[2, 4]");
}

#[test]
fn a_closure_that_captures_is_kept() {
    let mut session = Session::start();
    session.run("let by = vec![10, 20];\nlet scale = move |n: i32| by.iter().map(|b| b * n).sum::<i32>();").ok();
    session.run("scale(2)").gives("60");
    session.run("scale(3)").gives("90");
}

#[test]
fn a_closure_that_changes_its_captures_is_kept() {
    let mut session = Session::start();
    session
        .run("let mut count = 0;\nlet mut next = move || { count += 1; count };\nnext();")
        .ok();
    session.run("next()").gives("2");
    session.run("next() + next()").gives("7");
}

#[test]
fn a_moved_variable_is_named_with_the_cell_that_moved_it() {
    let mut session = Session::start();
    session.run("let name = String::from(\"Woozle\");").ok();
    session
        .run("std::thread::spawn(move || println!(\"{name}\")).join().unwrap();")
        .prints("Woozle\n");
    session
        .run("name.len()")
        .fails_with(&["name", "moved", "cell [2]"]);
    session.run("let name = \"anew\";").ok();
    session.run("name.len()").gives("4");
}

#[test]
fn a_variable_is_kept_after_a_panic() {
    let mut session = Session::start();
    session.run("let mut list = vec![1];").ok();
    let cell = session.run("list.push(2);\nlet index = 7;\nlist[index]");
    cell.fails_with(&[
        "index out of bounds: the len is 2 but the index is 7",
        "cell [2]",
        "list[index]",
    ]);
    session.run("list").gives("[1, 2]");
}

#[test]
fn a_panic_of_a_thread_is_told_in_its_cell() {
    let mut session = Session::start();
    let cell = session.run(
        "let handle = std::thread::spawn(|| panic!(\"no Heffalump\"));\nhandle.join().is_err()",
    );
    assert!(cell.stderr.contains("no Heffalump"), "{cell:#?}");
    assert!(cell.stderr.contains("cell [1]"), "{cell:#?}");
    cell.gives("true");
}

#[test]
fn a_question_mark_ends_the_cell_with_the_error() {
    let mut session = Session::start();
    session
        .run("let good: u32 = \"41\".parse()?;\ngood + 1")
        .gives("42");
    let cell =
        session.run("println!(\"before\");\nlet bad: u32 = \"4l\".parse()?;\nprintln!(\"after\");");
    cell.fails_with(&[
        "ParseIntError",
        "invalid digit found in string",
        "cell [2]:2",
    ]);
    assert_eq!(cell.stdout, "before\n");
    session.run("good").gives("41");
}

#[test]
fn a_future_is_awaited_at_top_level() {
    let mut session = Session::start();
    session
        .run("async fn answer(n: u32) -> Result<u32, std::fmt::Error> { Ok(n + 1) }")
        .ok();
    session.run("let n = answer(41).await?;\nn").gives("42");
    // One that is pending until another thread wakes it.
    let cell = "use std::{future::poll_fn, task::Poll};\n\
        let mut thread = None;\n\
        poll_fn(|context| {\n    let waker = context.waker().clone();\n    match thread.take() {\n        \
        None => { thread = Some(std::thread::spawn(move || waker.wake())); Poll::Pending }\n        \
        Some(thread) => Poll::Ready(thread.join().is_ok()),\n    }\n}).await";
    session.run(cell).gives("true");
    session.run("n").gives("42");
}

#[test]
fn what_borrows_from_a_variable_is_there_in_later_cells() {
    let mut session = Session::start();
    let cell = session
        .run(
            "let text = String::from(\"a b c\");\n\
             let words: Vec<&str> = text.split(' ').collect();\nwords.len()",
        )
        .ok();
    assert_eq!(cell.result.as_deref(), Some("3"));
    assert_eq!(cell.stderr, "");
    session.run("text").gives("\"a b c\"");
    session.run("words").gives("[\"a\", \"b\", \"c\"]");
}

#[test]
fn what_a_generic_function_returns_can_be_called_later() {
    let mut session = Session::start();
    session
        .run(
            "fn compose<A, B, C>(f: impl Fn(A) -> B, g: impl Fn(B) -> C) -> impl Fn(A) -> C { move |x| g(f(x)) }\n\
             fn pair<T: Clone>(t: T) -> impl FnMut(usize, T) -> (T, T) { move |_, u| (t.clone(), u) }",
        )
        .ok();
    session
        .run(
            "let h = compose(|x: i32| x + 1, |y: i32| y.to_string());\nlet mut p = pair(3);\n\
             fn here<T: Copy>(t: T) -> impl Fn() -> T { move || t }\nlet f = here(7);",
        )
        .ok();
    session
        .run("(h(2), p(1, 2), f())")
        .gives("(\"3\", (3, 2), 7)");
    session
        .run("std::thread::spawn(move || h(5)).join().unwrap()")
        .gives("\"6\"");
    let cell = session
        .run("let g = async |n: u32| n + 1;\nlet kept = g(1).await;")
        .ok();
    assert_eq!(cell.stderr, "");
    session.run("(kept, g(2).await)").gives("(2, 3)");
}

#[test]
fn what_borrows_a_variable_lives_on_until_that_is_changed() {
    let mut session = Session::start();
    session.run("let x = 5;\nlet f = || x + 1;\nf()").gives("6");
    // As in one function: what is read after it ends what borrows it mutably.
    session
        .run("let mut n = 0; let mut inc = || n += 1; inc(); inc(); n")
        .gives("2");
    session
        .run("let k = 2; let mut it = [1, 2].into_iter().map(|v| v * k); it.next()")
        .gives("Some(2)");
    session
        .run("let s = String::from(\"q\"); let b: Box<dyn Fn() -> usize> = Box::new(|| s.len()); b()")
        .gives("1");
    session
        .run("(f(), it.next(), b())")
        .gives("(6, Some(4), 1)");
    session.run("let mut v = vec![3, 1, 2];").ok();
    for text in [
        "let m = &mut v; m.sort();",
        "let last = v.last_mut().unwrap(); *last = 7;",
    ] {
        session.run(text).ok();
    }
    session.run("(v, n)").gives("([1, 2, 7], 2)");
    session
        .run("last")
        .fails_with(&["`last` borrowed from `v`"]);
    session
        .run("let data = [1]; let fut = async { data.len() }; fut.await")
        .gives("1");
}

#[test]
fn a_guard_is_held_until_it_is_dropped() {
    let mut session = Session::start();
    session
        .run("use std::sync::{Arc, Condvar, Mutex, RwLock}; use std::cell::RefCell;")
        .ok();
    for (text, held, end, result) in [
        (
            "let m = Mutex::new(5); let mut g = m.lock().unwrap(); *g = 6;",
            "m.try_lock().is_err()",
            "drop(g); m.into_inner().unwrap()",
            "6",
        ),
        (
            "let c = RefCell::new(vec![1]); let mut b = c.borrow_mut(); b.push(2);",
            "c.try_borrow().is_err()",
            "drop(b); c.borrow().len()",
            "2",
        ),
        (
            "let l = RwLock::new(1); let r = l.read().unwrap(); let q = l.read().unwrap(); drop(r);",
            "l.try_write().is_err()",
            "drop(q); *l.write().unwrap()",
            "1",
        ),
        (
            "let pair = Arc::new((Mutex::new(false), Condvar::new()));\nlet (lock, cvar) = &*pair;\n\
             let mut started = lock.lock().unwrap(); *started = true; cvar.notify_all();",
            "pair.0.try_lock().is_err()",
            "drop(started); *pair.0.lock().unwrap()",
            "true",
        ),
        (
            "let k = woozle::threading::Lock::new(); let held = k.guard();",
            "k.locked()",
            "drop(held); k.locked()",
            "false",
        ),
    ] {
        session.run(text).ok();
        session.run(held).gives("true");
        session.run(end).gives(result);
    }
    // What would change the owner is refused as long as the guard is there.
    session
        .run("let mut v = vec![1, 2, 3]; let d = v.drain(..1);")
        .ok();
    session
        .run("v.push(4)")
        .fails_with(&["E0499", "`d` of cell", "`drop(d)` before"]);
    session.run("drop(d); v").gives("[2, 3]");
}

#[test]
fn a_variable_that_is_moved_and_assigned_again_is_kept() {
    let mut session = Session::start();
    session
        .run("let mut v = vec![3, 1]; let mut s = String::from(\"a\"); let mut p = (s.clone(), 1);")
        .ok();
    session.run("v = v.into_iter().rev().collect();").ok();
    session
        .run("s = s + \"b\"; drop(p.0); p.0 = s.clone();")
        .ok();
    session
        .run("for _ in 0..2 { let old = s; s = format!(\"{old}!\"); }")
        .ok();
    session
        .run("(&v, &s, &p)")
        .gives("([1, 3], \"ab!!\", (\"ab\", 1))");
    session
        .run("let w = v; panic!(); v = w;")
        .fails_with(&["explicit panic"]);
    session.run("v").fails_with(&["moved in cell [6]"]);
}

#[test]
fn a_value_that_holds_a_closure_is_kept() {
    let mut session = Session::start();
    for (text, later) in [
        ("let t = (|x: i32| x + 1, 5); (t.0)(t.1)", "(t.0)(t.1)"),
        (
            "let n = Some(|x: i32| x + 1).unwrap()(5); let u = vec![|x: i32| x]; n",
            "u[0](n)",
        ),
        (
            "struct Wrap<F: Fn(i32) -> i32> { f: F }\nlet w = Wrap { f: |x| x + 1 };\n(w.f)(5)",
            "(w.f)(5)",
        ),
    ] {
        session.run(text).gives("6");
        session.run(later).gives("6");
    }
}

#[test]
fn a_variable_whose_type_has_the_never_type_in_it_is_kept() {
    let mut session = Session::start();
    session.run("let panics = std::thread::spawn(|| panic!(\"x\"));\nlet parks = std::thread::spawn(|| loop { std::thread::park() });").ok();
    session
        .run("(panics.join().is_err(), parks.is_finished())")
        .gives("(true, false)");
    let vars = session.run(":vars").ok();
    assert!(vars.stdout.contains("JoinHandle<!>"), "{vars:?}");
}

#[test]
fn a_variable_of_a_private_type_stands_in_nobodys_way() {
    let mut session = Session::start();
    let cell = "mod m { mod inner { pub struct P; } pub fn make() -> inner::P { inner::P } }\nlet p = m::make();";
    session.run(cell).ok();
    session.run("let f = |p: i32| p + 1;\nf(1)").gives("2");
    session
        .run("drop(p)")
        .fails_with(&["E0425", "no other cell can name"]);
}

#[test]
fn a_closure_in_an_arc_is_kept() {
    let mut session = Session::start();
    let cell = "use std::{rc::Rc, sync::Arc};\nlet k = 2;\nlet a = Arc::new(move |x: i32| x * k);\n\
        let b = Box::new(|x: i32| x - 1); let r = Rc::new(|x: &str| x.len());";
    session.run(cell).ok();
    session.run("let c = a.clone();\nstd::thread::spawn(move || c(21)).join().unwrap() + b(1) + a(1) + r(\"ab\") as i32").gives("46");
}
