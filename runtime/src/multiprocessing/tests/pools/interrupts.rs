//! Tests of calls that are interrupted while somebody waits for them.

use super::*;

/// Says that it has begun, and waits.
fn begin(begun: Value<u32>, go: Event) {
    begun.update(|n| *n += 1);
    go.wait();
}

#[test]
fn an_interrupted_call_leaves_no_tasks_behind() {
    type Verb = fn(&Pool, Vec<(Value<u32>, Event)>);
    let verbs: [(&str, Verb); 8] = [
        ("map", |pool, items| {
            let _ = pool.map(|(begun, go)| begin(begun, go), items);
        }),
        ("starmap", |pool, items| {
            let _ = pool.starmap(begin, items);
        }),
        ("chunks", |pool, items| {
            let _ = pool.chunksize(8).unwrap().starmap(begin, items);
        }),
        ("Workers::map", |pool, items| {
            let _ = Workers::map(pool, |(begun, go)| begin(begun, go), items);
        }),
        ("map_async", |pool, items| {
            let result = pool.map_async(|(begun, go)| begin(begun, go), items);
            let _ = result.clone().get();
        }),
        ("wait", |pool, items| {
            pool.starmap_async(begin, items).wait()
        }),
        ("imap", |pool, items| {
            for _ in pool.imap(|(begun, go)| begin(begun, go), items) {}
        }),
        ("imap_unordered", |pool, items| {
            for _ in pool.imap_unordered(|(begun, go)| begin(begun, go), items) {}
        }),
    ];
    for (name, verb) in verbs {
        let (begun, go) = (Value::new(0).unwrap(), Event::new().unwrap());
        let pool = pool(2);
        let call = {
            let items = vec![(begun.clone(), go.clone()); 40];
            let pool = pool.clone();
            move || verb(&pool, items)
        };
        let ended = interrupted(call, || begun.get() == 2);
        assert!(ended.is_err(), "{name}");
        // Others are in the place of the workers whose tasks do not end.
        assert_eq!(pool.map(square, 0..4).unwrap(), [0, 1, 4, 9], "{name}");
        pool.close();
        pool.join().unwrap();
        assert_eq!(begun.get(), 2, "{name}");
    }
}

#[test]
fn an_interrupted_call_takes_nothing_of_another_one_along() {
    let pool = Pool::new(1).unwrap();
    let (begun, go) = (Value::new(0).unwrap(), Event::new().unwrap());
    // Quick tasks, so that the worker is given several at a time.
    pool.map(square, 0..500).unwrap();
    let (asked, other) = (Event::new().unwrap(), Arc::new(Mutex::new(None)));
    let call = {
        let (pool, begun) = (pool.clone(), begun.clone());
        move || drop(pool.apply(begin, (begun, go)))
    };
    let later = {
        let (pool, begun, asked, other) =
            (pool.clone(), begun.clone(), asked.clone(), other.clone());
        std::thread::spawn(move || {
            until("the task runs", || begun.get() == 1);
            *other.lock().unwrap() = Some(pool.map_async(square, 0..10));
            asked.set();
        })
    };
    assert!(interrupted(call, || asked.is_set()).is_err());
    later.join().unwrap();
    let other = other.lock().unwrap().take().unwrap();
    let squares: Vec<u64> = (0..10).map(|n| n * n).collect();
    assert_eq!(other.get().unwrap(), squares);
}

#[test]
fn an_interrupted_call_on_threads_leaves_no_tasks_behind() {
    let (begun, go) = (Value::new(0).unwrap(), Event::new().unwrap());
    let pool = ThreadPool::new(2).unwrap();
    let call = {
        let items = vec![(begun.clone(), go.clone()); 40];
        let pool = pool.clone();
        move || {
            let _ = pool.starmap(begin, items);
        }
    };
    assert!(interrupted(call, || begun.get() == 2).is_err());
    go.set();
    assert_eq!(pool.map(square, 2..4).unwrap(), [4, 9]);
    pool.close();
    pool.join().unwrap();
    assert_eq!(begun.get(), 2);
}

#[test]
fn what_can_still_be_asked_for_goes_on() {
    let (begun, go) = (Value::new(0).unwrap(), Event::new().unwrap());
    let pool = pool(2);
    let items = || vec![(begun.clone(), go.clone()); 4];
    // A result that was there before the cell, and an iterator that is given up, as in Python.
    let result = pool.starmap_async(begin, items());
    drop(pool.imap(|(begun, go)| begin(begun, go), items()));
    let wait = {
        let result = result.clone();
        move || result.wait()
    };
    assert!(interrupted(wait, || begun.get() == 2).is_err());
    // An iterator that outlives the interrupt.
    let kept = pool.imap(|(begun, go)| begin(begun, go), items());
    let kept = Arc::new(Mutex::new(kept));
    let next = {
        let kept = kept.clone();
        move || drop(kept.lock().unwrap().next())
    };
    assert!(interrupted(next, || kept.try_lock().is_err()).is_err());
    let mut kept = kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    go.set();
    result.get().unwrap();
    assert_eq!(kept.by_ref().count(), 4);
    pool.close();
    pool.join().unwrap();
    assert_eq!(begun.get(), 12);
}
