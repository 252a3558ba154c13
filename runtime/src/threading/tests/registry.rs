//! Tests of what is known of all threads.

use super::threads::{started, stoppable};
use crate::testing::{SHORT, until};
use crate::threading::thread::registry;
use crate::threading::{
    Thread, active_count, current_thread, enumerate, get_ident, get_native_id, main_thread,
};
use crate::wait::Deadline;

#[test]
fn the_list_of_live_threads() {
    let (thread, stop) = stoppable(Thread::builder().name("listed").daemon(true));
    assert!(!enumerate().contains(&thread));
    thread.start();
    let listed = enumerate();
    assert!(listed.contains(&thread) && listed[0] == main_thread());
    assert!(active_count() >= 2);
    until("it runs", || thread.native_id().is_some());
    let info = registry::live_threads()
        .into_iter()
        .find(|info| info.name == "listed")
        .unwrap();
    assert_eq!((info.native_id, info.daemon), (thread.native_id(), true));
    stop.set();
    thread.join().unwrap();
    assert!(!enumerate().contains(&thread));
}

#[test]
fn a_thread_of_std_gets_a_dummy() {
    let dummy = std::thread::spawn(|| {
        let me = current_thread();
        assert_eq!(me, current_thread());
        assert!(me.name().starts_with("Dummy-") && me.daemon() && me.is_alive());
        assert_eq!(
            (me.ident(), me.native_id()),
            (Some(get_ident()), Some(get_native_id()))
        );
        assert!(enumerate().contains(&me));
        let for_the_host = registry::live_threads();
        assert!(
            for_the_host
                .iter()
                .all(|info| info.native_id != me.native_id())
        );
        me
    })
    .join()
    .unwrap();
    dummy.join().unwrap();
    assert!(!dummy.is_alive() && !enumerate().contains(&dummy));
}

#[test]
fn a_dummy_has_the_name_that_std_knows() {
    let named = std::thread::Builder::new().name("bear".to_owned());
    let name = named.spawn(|| current_thread().name()).unwrap().join();
    assert_eq!(name.unwrap(), "bear");
}

#[test]
fn idents_are_never_given_again() {
    let mut idents: Vec<_> = (0..20)
        .map(|_| Thread::spawn(get_ident).join().unwrap())
        .collect();
    idents.dedup();
    assert_eq!(idents.len(), 20);
    assert!(
        idents.iter().all(|ident| *ident > 1),
        "1 is the main thread's"
    );
}

#[test]
fn the_end_waits_for_those_that_are_no_daemons() {
    let (thread, stop) = started();
    assert!(!registry::join_non_daemon(Deadline::after(SHORT)));
    stop.set();
    thread.join().unwrap();
}
