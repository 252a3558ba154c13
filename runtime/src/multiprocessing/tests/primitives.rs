//! Tests of what processes share: locks and the like, numbers, arrays, memory.

use std::time::{Duration, Instant};

use ndarray::{Array2, Ix2, Ix3};

use super::super::*;
use crate::testing::{LONG, SHORT};
use crate::threading::thread::panics;
use crate::threading::{BrokenBarrier, Local, Thread};

fn start<A, F>(target: F, args: A) -> Process
where
    F: Call<A, Output = ()> + Copy + 'static,
    A: serde::Serialize + serde::de::DeserializeOwned + 'static,
{
    let p = Process::with_args(target, args).unwrap();
    p.start().unwrap();
    p
}

#[track_caller]
fn finish(processes: impl IntoIterator<Item = Process>) {
    for p in processes {
        assert_eq!(p.join().unwrap(), Exit::Code(0));
    }
}

#[test]
fn a_lock_keeps_processes_apart() {
    fn task(lock: Lock, cell: SharedArray<u64, Ix2>) {
        for _ in 0..2000 {
            let _held = lock.guard().unwrap();
            // Not one step: the lock makes it one.
            let n = cell.lock().unwrap().view()[(0, 0)];
            cell.lock().unwrap().view_mut()[(0, 0)] = n + 1;
        }
    }
    let (lock, cell) = (Lock::new().unwrap(), SharedArray::zeros((1, 1)).unwrap());
    finish(
        (0..4)
            .map(|_| start(task, (lock.clone(), cell.clone())))
            .collect::<Vec<_>>(),
    );
    assert_eq!(cell.to_array().unwrap()[(0, 0)], 8000);
}

#[test]
fn locks_are_taken_and_released_as_they_should() {
    let lock = Lock::new().unwrap();
    assert!(matches!(lock.release(), Err(LockError::NotOwned)));
    lock.acquire().unwrap();
    assert!(matches!(lock.acquire(), Err(LockError::Deadlock)));
    assert!(!lock.try_acquire().unwrap());
    let other = Thread::spawn({
        let lock = lock.clone();
        move || {
            assert!(matches!(lock.release(), Err(LockError::NotOwned)));
            assert!(!lock.try_acquire().unwrap());
            assert!(!lock.acquire_timeout(SHORT).unwrap());
        }
    });
    other.join().unwrap();
    let begun = Instant::now();
    let other = Thread::spawn({
        let lock = lock.clone();
        move || {
            assert!(lock.acquire_timeout(LONG).unwrap());
            lock.release().unwrap();
        }
    });
    lock.release().unwrap();
    other.join().unwrap();
    assert!(begun.elapsed() < LONG);

    let lock = RLock::new().unwrap();
    lock.acquire().unwrap();
    assert!(lock.try_acquire().unwrap());
    lock.release().unwrap();
    let other = lock.clone();
    Thread::spawn(move || assert!(!other.acquire_timeout(SHORT).unwrap()))
        .join()
        .unwrap();
    lock.release().unwrap();
    assert!(matches!(lock.release(), Err(LockError::NotOwned)));
}

/// With and without somebody who waits already, for all that is built on the raw lock.
#[test]
fn the_death_of_an_owner_is_noticed_once() {
    fn hold(lock: Lock, rlock: RLock, array: SharedArray<u8, Ix2>, held: Event) {
        let _guards = (
            lock.guard().unwrap(),
            rlock.guard().unwrap(),
            array.lock().unwrap(),
        );
        held.set();
        loop {
            std::thread::park();
        }
    }
    for waiting in [false, true] {
        let (lock, rlock) = (Lock::new().unwrap(), RLock::new().unwrap());
        let array = SharedArray::<u8, Ix2>::zeros((100, 1)).unwrap();
        let held = Event::new().unwrap();
        let p = start(
            hold,
            (lock.clone(), rlock.clone(), array.clone(), held.clone()),
        );
        held.wait();
        assert!(!lock.try_acquire().unwrap() && !rlock.try_acquire().unwrap());
        let kill = {
            let p = p.clone();
            move || {
                p.kill().unwrap();
                p.join().unwrap();
            }
        };
        let killer = if waiting {
            Some(Thread::spawn(move || {
                // The main thread waits by then, or it does not: both must do.
                std::thread::sleep(Duration::from_millis(30));
                kill();
            }))
        } else {
            kill();
            None
        };
        assert!(
            matches!(lock.acquire(), Err(LockError::OwnerDied)),
            "{waiting}"
        );
        assert!(
            matches!(rlock.acquire(), Err(LockError::OwnerDied)),
            "{waiting}"
        );
        assert!(matches!(
            array.lock_rows(7..8).map(drop),
            Err(LockError::OwnerDied)
        ));
        lock.acquire().unwrap();
        rlock.acquire().unwrap();
        lock.release().unwrap();
        rlock.release().unwrap();
        drop(array.lock_rows(7..8).unwrap());
        if let Some(killer) = killer {
            killer.join().unwrap();
        }
    }
}

#[test]
fn semaphores_count() {
    fn task(semaphore: Semaphore, inside: Value<i32>, most: Value<i32>) {
        for _ in 0..200 {
            let _permit = semaphore.guard();
            let now = inside.update(|n| {
                *n += 1;
                *n
            });
            most.update(|most| *most = now.max(*most));
            std::thread::yield_now();
            inside.update(|n| *n -= 1);
        }
    }
    let semaphore = Semaphore::new(2).unwrap();
    let (inside, most) = (Value::new(0).unwrap(), Value::new(0).unwrap());
    let args = || (semaphore.clone(), inside.clone(), most.clone());
    finish((0..4).map(|_| start(task, args())).collect::<Vec<_>>());
    assert_eq!((inside.get(), semaphore.value()), (0, 2));
    assert!((1..=2).contains(&most.get()), "{most:?}");

    let bounded = BoundedSemaphore::new(1).unwrap();
    assert!(bounded.try_acquire() && !bounded.try_acquire() && !bounded.acquire_timeout(SHORT));
    bounded.release().unwrap();
    assert!(bounded.release().is_err());
}

#[test]
fn an_event_wakes_all_also_if_it_is_cleared_at_once() {
    fn task(event: Event, there: Semaphore) {
        there.release().unwrap();
        event.wait();
    }
    let (event, there) = (Event::new().unwrap(), Semaphore::new(0).unwrap());
    let processes: Vec<_> = (0..4)
        .map(|_| start(task, (event.clone(), there.clone())))
        .collect();
    for _ in 0..4 {
        there.acquire();
    }
    // They wait as soon as they do not run any more.
    crate::testing::until("all wait", || {
        processes.iter().all(|p| {
            let pid = p.pid().unwrap().unwrap();
            std::fs::read_to_string(format!("/proc/{pid}/stat"))
                .unwrap()
                .contains(") S ")
        })
    });
    event.set();
    event.clear();
    finish(processes);
    assert!(!event.is_set());
}

#[test]
fn a_condition_wakes_as_many_as_it_is_told() {
    fn task(condition: Condition, ready: Value<u32>, woken: Value<u32>) {
        let held = condition.guard().unwrap();
        ready.update(|n| *n += 1);
        held.wait().unwrap();
        woken.update(|n| *n += 1);
        held.notify_all();
    }
    let condition = Condition::new().unwrap();
    let (ready, woken) = (Value::new(0).unwrap(), Value::new(0).unwrap());
    let args = || (condition.clone(), ready.clone(), woken.clone());
    let processes: Vec<_> = (0..5).map(|_| start(task, args())).collect();
    // Who has counted itself holds the lock until it waits.
    while ready.get() < 5 || condition.guard().is_err() {
        std::thread::yield_now();
    }
    let held = condition.guard().unwrap();
    held.notify_n(0);
    assert!(!held.wait_timeout(SHORT).unwrap());
    assert_eq!(woken.get(), 0);
    held.notify();
    held.wait_for(|| woken.get() > 0).unwrap();
    assert!(held.wait_for_timeout(LONG, || woken.get() == 5).unwrap());
    drop(held);
    finish(processes);
}

#[test]
fn a_barrier_holds_until_all_have_come() {
    fn task(barrier: Barrier, rounds: Array<u32>) {
        for _ in 0..100 {
            let index = barrier.wait().unwrap();
            rounds.guard()[index] += 1;
        }
    }
    let (barrier, rounds) = (Barrier::new(3).unwrap(), Array::new(3).unwrap());
    finish(
        (0..3)
            .map(|_| start(task, (barrier.clone(), rounds.clone())))
            .collect::<Vec<_>>(),
    );
    assert_eq!(rounds.to_vec(), [100; 3]);

    let waiting = |barrier: &Barrier| {
        let barrier = barrier.clone();
        let thread = Thread::spawn({
            let barrier = barrier.clone();
            move || barrier.wait()
        });
        while barrier.n_waiting() == 0 {
            std::thread::yield_now();
        }
        thread
    };
    let thread = waiting(&barrier);
    barrier.reset();
    assert!(matches!(
        thread.take_result().unwrap(),
        Err(BrokenBarrier::Reset)
    ));
    let thread = waiting(&barrier);
    barrier.abort();
    assert!(matches!(
        thread.take_result().unwrap(),
        Err(BrokenBarrier::Aborted)
    ));
    assert!(matches!(barrier.wait(), Err(BrokenBarrier::Aborted)));
    barrier.reset();
    assert!(matches!(
        barrier.wait_timeout(SHORT),
        Err(BrokenBarrier::TimedOut)
    ));
    assert!(barrier.broken());
    assert!(Barrier::new(0).is_err());
}

#[test]
fn numbers_and_arrays_are_shared() {
    fn task(value: Value<f64>, array: Array<i16>) {
        value.update(|x| *x += 0.5);
        array.guard().sort_unstable();
    }
    let (value, array) = (
        Value::new(1.0).unwrap(),
        Array::from_slice(&[3, 1, 2]).unwrap(),
    );
    finish([start(task, (value.clone(), array.clone()))]);
    assert_eq!(value.get(), 1.5);
    assert_eq!(array.to_vec(), [1, 2, 3]);
    array.set(0, -7);
    assert_eq!((array.get(0), array.len()), (-7, 3));
    let wide = Value::new(u128::MAX).unwrap();
    assert_eq!(wide.get(), u128::MAX);
    let _guard = array.guard();
    let twice = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| array.to_vec()));
    assert!(twice.is_err(), "two slices of the same numbers");
}

#[test]
fn parts_of_a_shared_array_are_worked_on_at_once() {
    fn fill(array: SharedArray<u32, Ix3>, row: usize) {
        array
            .lock_rows(row..row + 1)
            .unwrap()
            .view_mut()
            .fill(u32::try_from(row).unwrap());
    }
    for rows in [1, 5, 64, 65, 200] {
        let array = SharedArray::<u32, Ix3>::zeros((rows, 2, 3)).unwrap();
        let pool = Pool::new(2).unwrap();
        pool.starmap(fill, (0..rows).map(|row| (array.clone(), row)))
            .unwrap();
        let whole = array.to_array().unwrap();
        for (row, part) in whole.outer_iter().enumerate() {
            assert!(part.iter().all(|n| *n as usize == row));
        }
    }
    let array = SharedArray::from_array(&Array2::<f64>::eye(3)).unwrap();
    let first = array.lock_rows(0..1).unwrap();
    drop(array.lock_rows(1..3).unwrap());
    assert!(matches!(array.lock().map(drop), Err(LockError::Deadlock)));
    drop(first);
    assert_eq!(array.to_array().unwrap(), Array2::eye(3));
    assert_eq!(array.lock_rows(2..2).unwrap().view().len(), 0);
}

#[test]
fn named_memory_is_there_until_its_maker_goes() {
    let memory = SharedMemory::create(None, 5000).unwrap();
    let name = memory.name().to_owned();
    assert_eq!(memory.size(), 5000);
    let again = SharedMemory::create(Some(&name), 1).unwrap_err();
    assert_eq!(again.kind(), std::io::ErrorKind::AlreadyExists);
    assert_eq!(
        SharedMemory::create(None, 0).unwrap_err().kind(),
        std::io::ErrorKind::InvalidInput
    );
    let other = SharedMemory::attach(&name).unwrap();
    other.write(4998, &[1, 2]);
    assert_eq!(memory.read(4997, 3), [0, 1, 2]);
    drop(memory);
    assert_eq!(
        SharedMemory::attach(&name).unwrap_err().kind(),
        std::io::ErrorKind::NotFound
    );
    assert_eq!(other.read(4998, 2), [1, 2], "who has it keeps it");
    let full = SharedMemory::create(None, 1 << 50).unwrap_err();
    assert_eq!(full.kind(), std::io::ErrorKind::StorageFull, "{full}");
}

#[test]
fn the_place_of_a_panic_on_wrong_arguments_is_the_callers() {
    let array = Array::<u32>::new(3).unwrap();
    let held = Array::<u32>::new(3).unwrap();
    let guard = held.guard();
    let rows = SharedArray::<u32, Ix2>::zeros((3, 1)).unwrap();
    let memory = SharedMemory::create(None, 64).unwrap();
    let local = Local::new(|| 0);
    let wrong: [(&str, &dyn Fn()); 9] = [
        ("Array::get", &|| assert_eq!(array.get(9), 0)),
        ("Array::set", &|| array.set(9, 1)),
        ("Array::guard", &|| drop(held.guard())),
        ("Array::to_vec", &|| drop(held.to_vec())),
        ("SharedArray::lock_rows", &|| drop(rows.lock_rows(2..4))),
        ("SharedMemory::read", &|| drop(memory.read(60, 10))),
        ("SharedMemory::write", &|| memory.write(60, &[0; 10])),
        ("Local::with", &|| local.with(|_| local.with(|_| ()))),
        ("Local::get", &|| local.with(|_| assert_eq!(local.get(), 0))),
    ];
    for (name, call) in wrong {
        let panic = panics::catch(call).unwrap_err();
        let place = panic.location().unwrap_or_default();
        assert!(place.starts_with(file!()), "{name}: {place}");
    }
    drop(guard);
}
