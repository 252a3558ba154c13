//! Tests of `Manager`: CPython's promises, and ours.

use std::time::Duration;

use super::super::*;
use super::{LONG, SHORT, open_descriptors, start, wait_for_ever};

fn refusal<T>(result: Result<T, ManagerError>) -> Refusal {
    match result {
        Err(ManagerError::Refused(refusal)) => refusal,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was not refused"),
    }
}

#[test]
fn a_list_is_a_list() {
    let manager = Manager::new().unwrap();
    let list = manager.list::<String>().unwrap();
    let words = ["a", "b", "c"].map(str::to_owned);
    list.extend(words.clone()).unwrap();
    list.insert(1, "x".to_owned()).unwrap();
    list.set(0, "A".to_owned()).unwrap();
    assert_eq!(list.to_vec().unwrap(), ["A", "x", "b", "c"]);
    assert_eq!(list.remove(1).unwrap(), "x");
    assert_eq!(list.pop().unwrap().as_deref(), Some("c"));
    assert_eq!(
        (list.get(1).unwrap(), list.len().unwrap()),
        ("b".to_owned(), 2)
    );
    let missing = Refusal::Index {
        index: 2,
        length: 2,
    };
    assert_eq!(refusal(list.get(2)), missing);
    assert_eq!(refusal(list.set(2, String::new())), missing);
    assert_eq!(refusal(list.remove(2)), missing);
    list.clear().unwrap();
    assert!(list.is_empty().unwrap() && list.pop().unwrap().is_none());
}

#[test]
fn a_dict_keeps_the_order_of_its_keys() {
    let manager = Manager::new().unwrap();
    let dict = manager.dict::<String, Vec<u8>>().unwrap();
    for (n, key) in ["b", "a", "c"].into_iter().enumerate() {
        assert_eq!(dict.insert(key.to_owned(), vec![n as u8]).unwrap(), None);
    }
    assert_eq!(dict.insert("a".to_owned(), vec![9]).unwrap(), Some(vec![1]));
    let keys: Vec<_> = dict
        .items()
        .unwrap()
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(keys, ["b", "a", "c"]);
    assert_eq!(dict.remove(&"b".to_owned()).unwrap(), Some(vec![0]));
    assert_eq!(dict.remove(&"b".to_owned()).unwrap(), None);
    assert!(!dict.contains_key(&"b".to_owned()).unwrap());
    assert_eq!(
        (
            dict.len().unwrap(),
            dict.get_or_insert("a".to_owned(), vec![]).unwrap()
        ),
        (2, vec![9])
    );
}

#[test]
fn proxies_go_to_processes_and_into_each_other() {
    let manager = Manager::new().unwrap();
    let outer = manager.list::<ListProxy<u32>>().unwrap();
    let inner = manager.list().unwrap();
    outer.push(inner.clone()).unwrap();
    let queue = Queue::new().unwrap();
    let queues = manager.list::<Queue<u32>>().unwrap(); // with descriptors
    queues.push(queue.clone()).unwrap();
    let target = |outer: ListProxy<ListProxy<u32>>, queues: ListProxy<Queue<u32>>| {
        outer.get(0).unwrap().push(7).unwrap();
        queues.get(0).unwrap().put(8).unwrap();
    };
    assert!(start(target, (outer, queues)).join().unwrap().success());
    assert_eq!(inner.to_vec().unwrap(), [7]);
    assert_eq!(queue.get_timeout(LONG).unwrap(), 8);
}

#[test]
fn update_loses_no_count() {
    let manager = Manager::new().unwrap();
    let counter = manager.value(0_u32).unwrap();
    let target = |counter: ValueProxy<u32>| {
        for _ in 0..200 {
            counter.update(|n| n + 1).unwrap();
        }
    };
    let all: Vec<_> = (0..4).map(|_| start(target, (counter.clone(),))).collect();
    assert!(all.iter().all(|p| p.join().unwrap().success()));
    assert_eq!(counter.get().unwrap(), 800);
}

#[test]
fn a_queue_waits_on_both_ends() {
    let manager = Manager::new().unwrap();
    let queue = manager.queue_with_maxsize::<u32>(2).unwrap();
    let p = start(
        |queue: QueueProxy<u32>| (0..100).for_each(|n| queue.put(n).unwrap()),
        (queue.clone(),),
    );
    for n in 0..100 {
        assert_eq!(queue.get_timeout(LONG).unwrap(), n);
        queue.task_done().unwrap();
    }
    queue.join().unwrap();
    assert!(p.join().unwrap().success());
    assert_eq!(refusal(queue.task_done()), Refusal::TaskDone);
    assert_eq!(refusal(queue.get_nowait()), Refusal::Empty);
    assert_eq!(refusal(queue.get_timeout(SHORT)), Refusal::Empty);
    queue.put(1).unwrap();
    queue.put(2).unwrap();
    assert_eq!(refusal(queue.put_nowait(3)), Refusal::Full);
    assert_eq!(refusal(queue.put_timeout(3, SHORT)), Refusal::Full);
    assert_eq!((queue.get().unwrap(), queue.qsize().unwrap()), (1, 1));
}

#[test]
fn who_dies_as_it_waits_takes_nothing_and_frees_its_lock() {
    let manager = Manager::new().unwrap();
    let (queue, lock, ready) = (
        manager.queue::<u32>().unwrap(),
        manager.lock().unwrap(),
        manager.event().unwrap(),
    );
    let target = |queue: QueueProxy<u32>, lock: LockProxy, ready: EventProxy| {
        lock.acquire().unwrap();
        ready.set().unwrap();
        queue.get().unwrap();
        wait_for_ever();
    };
    let p = start(target, (queue.clone(), lock.clone(), ready.clone()));
    ready.wait().unwrap();
    assert!(lock.locked().unwrap() && !lock.try_acquire().unwrap());
    assert!(!lock.acquire_timeout(SHORT).unwrap());
    p.kill().unwrap();
    p.join().unwrap();
    lock.acquire().unwrap(); // ours, now that its holder is gone
    queue.put(1).unwrap();
    assert_eq!(queue.get_timeout(LONG).unwrap(), 1);
    lock.release().unwrap();
    assert_eq!(refusal(lock.release()), Refusal::NotHeld);
}

#[test]
fn an_event_wakes_all() {
    let manager = Manager::new().unwrap();
    let event = manager.event().unwrap();
    let all: Vec<_> = (0..3)
        .map(|_| start(|event: EventProxy| event.wait().unwrap(), (event.clone(),)))
        .collect();
    assert!(!event.wait_timeout(SHORT).unwrap());
    event.set().unwrap();
    assert!(all.iter().all(|p| p.join().unwrap().success()));
    assert!(event.wait_timeout(Duration::ZERO).unwrap() && event.is_set().unwrap());
    event.clear().unwrap();
    assert!(!event.is_set().unwrap());
}

#[test]
fn a_namespace_has_values_of_any_type() {
    let manager = Manager::new().unwrap();
    let names = manager.namespace().unwrap();
    names.set("pots", 10_u64).unwrap();
    names.set("who", "Pooh").unwrap();
    assert_eq!(names.get::<u64>("pots").unwrap(), 10);
    assert_eq!(names.get::<String>("who").unwrap(), "Pooh");
    // The bytes of 5i32 are those of 10u32.
    names.set("n", 5_i32).unwrap();
    for (error, expected) in [
        (
            names.get::<u32>("n").map(drop),
            "the attribute `n` is of type `i32`, not `u32`",
        ),
        (
            names.get::<Option<String>>("who").map(drop),
            "the attribute `who` is of type `String`, not `Option<String>`",
        ),
    ] {
        assert_eq!(error.unwrap_err().to_string(), expected);
    }
    assert_eq!(names.get::<i32>("n").unwrap(), 5);
    names.set("n", "five").unwrap();
    assert_eq!(names.get::<String>("n").unwrap(), "five");
    names.set("list", [1_u8].as_slice()).unwrap();
    assert_eq!(names.get::<Vec<u8>>("list").unwrap(), [1]);
    names.remove("who").unwrap();
    assert_eq!(refusal(names.get::<String>("who")), Refusal::Name);
}

#[test]
fn the_end_of_the_server_is_an_error_and_not_a_hang() {
    let manager = Manager::new().unwrap();
    let queue = manager.queue::<u32>().unwrap();
    let waiting = std::thread::spawn({
        let queue = queue.clone();
        move || queue.get()
    });
    let pid = rustix::process::Pid::from_raw(manager.pid() as i32).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    assert!(matches!(waiting.join().unwrap(), Err(ManagerError::Gone)));
    assert!(matches!(queue.put(1), Err(ManagerError::Gone)));
    assert!(matches!(manager.list::<u32>(), Err(ManagerError::Gone)));
    let other = manager.clone();
    drop(manager);
    other.shutdown();
    other.shutdown();
}

#[test]
fn large_values_and_many_managers_leave_nothing_behind() {
    let before = open_descriptors();
    for _ in 0..50 {
        let manager = Manager::new().unwrap();
        let value = manager.value(vec![1_u8; 1 << 18]).unwrap();
        assert_eq!(value.get().unwrap().len(), 1 << 18);
        let pid = manager.pid();
        drop(manager);
        assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
        assert!(matches!(value.get(), Err(ManagerError::Gone)));
    }
    // Other tests run beside this one, and have some open at a time.
    crate::testing::until("descriptors are closed", || {
        open_descriptors() < before + 200
    });
}

#[test]
fn a_proxys_debug_form_shows_no_number_that_could_be_a_length() {
    let manager = Manager::new().unwrap();
    let dict = format!("{:?}", manager.dict::<String, u32>().unwrap());
    let number = dict.strip_prefix("<DictProxy object #");
    let number = number.and_then(|rest| rest.strip_suffix('>'));
    assert!(
        number.is_some_and(|number| number.parse::<u64>().is_ok()),
        "{dict}"
    );
}
