//! The states of a session that has processes besides its own.

use super::states::State;

pub(super) const OF_PROCESSES: &[State] = &[
    State {
        name: "a process pool, idle",
        make: r#"
use woozle::multiprocessing::Pool;
fn square(n: u64) -> u64 { n * n }
let pool = Pool::new(2)?;
let first = pool.map(square, 0..3)?;"#,
        using: "(pool.map(square, 2..4)?, &first)",
        gives: "([4, 9], [0, 1, 4])",
        is_shared: false,
    },
    State {
        name: "a process pool with a task under way, which is an error then",
        make: r#"
use woozle::multiprocessing::Pool;
fn slow(n: u64) -> u64 { if n == 1 { std::thread::sleep(std::time::Duration::from_secs(1000)); } n }
let pool = Pool::new(1)?;
pool.map(slow, [0])?;
let late = pool.apply_async(slow, (1,));"#,
        using: "(late.get().is_err(), pool.map(slow, 2..4)?)",
        gives: "(true, [2, 3])",
        is_shared: false,
    },
    State {
        name: "queues, pipes and arrays between processes",
        make: r#"
use woozle::multiprocessing as mp;
let (shared, array) = (mp::SharedArray::<f64, _>::zeros(ndarray::Ix1(4))?, mp::Array::from_slice(&[1_u64, 2])?);
let (queue, (here, there)) = (mp::Queue::<u32>::new()?, mp::pipe::<u32>()?);
shared.lock()?.view_mut()[1] = 3.0;
queue.put(4)?;
here.send(5)?;"#,
        using: r#"
(shared.to_array()?[1], array.to_vec(), queue.get()?, there.recv()?)"#,
        gives: "(3.0, [1, 2], 4, 5)",
        is_shared: true,
    },
    State {
        name: "threads that wait in the primitives of woozle::multiprocessing, and values",
        make: r#"
use woozle::multiprocessing as mp;
use woozle::threading::Thread;
let (event, semaphore, barrier, condition) = (mp::Event::new()?, mp::Semaphore::new(0)?, mp::Barrier::new(2)?, mp::Condition::new()?);
let (lock, rlock, value) = (mp::Lock::new()?, mp::RLock::new()?, mp::Value::new(3_u64)?);
lock.acquire()?;
rlock.acquire()?;
rlock.acquire()?;
let threads = [
    Thread::spawn({ let event = event.clone(); move || { event.wait(); 1 } }),
    Thread::spawn({ let semaphore = semaphore.clone(); move || { semaphore.acquire(); 2 } }),
    Thread::spawn({ let barrier = barrier.clone(); move || { barrier.wait().unwrap(); 3 } }),
    Thread::spawn({ let (condition, event) = (condition.clone(), event.clone()); move || { let held = condition.guard().unwrap(); while !event.is_set() { held.wait().unwrap(); } 4 } }),
    Thread::spawn({ let lock = lock.clone(); move || { lock.acquire().unwrap(); lock.release().unwrap(); 5 } }),
    Thread::spawn({ let rlock = rlock.clone(); move || { rlock.acquire().unwrap(); rlock.release().unwrap(); 6 } }),
];"#,
        using: r#"
value.update(|value| *value += 1);
event.set();
semaphore.release()?;
barrier.wait()?;
condition.guard()?.notify_all();
lock.release()?;
rlock.release()?;
rlock.release()?;
(threads.into_iter().map(|t| t.join().unwrap()).collect::<Vec<_>>(), value.get())"#,
        gives: "([1, 2, 3, 4, 5, 6], 4)",
        is_shared: false,
    },
    State {
        name: "threads that wait in the queues and pipes of woozle::multiprocessing",
        make: r#"
use woozle::multiprocessing as mp;
use woozle::threading::Thread;
let (queue, simple, undone) = (mp::Queue::<u32>::new()?, mp::SimpleQueue::<u32>::new()?, mp::JoinableQueue::<u32>::new()?);
let (full, (here, there)) = (mp::Queue::<u32>::with_maxsize(1)?, mp::pipe::<u32>()?);
undone.put(0)?;
full.put(0)?;
let threads = [
    Thread::spawn({ let queue = queue.clone(); move || queue.get().unwrap() }),
    Thread::spawn({ let simple = simple.clone(); move || simple.get().unwrap() }),
    Thread::spawn({ let undone = undone.clone(); move || { undone.join(); 3 } }),
    Thread::spawn({ let full = full.clone(); move || { full.put(4).unwrap(); 4 } }),
    Thread::spawn(move || there.recv().unwrap()),
];"#,
        using: r#"
queue.put(1)?;
simple.put(2)?;
undone.get()?;
undone.task_done()?;
full.get()?;
here.send(5)?;
threads.into_iter().map(|t| t.join().unwrap()).collect::<Vec<_>>()"#,
        gives: "[1, 2, 3, 4, 5]",
        is_shared: true,
    },
    State {
        name: "a child process, which has ended then",
        make: r#"
use woozle::multiprocessing::Process;
let child = Process::new(|| std::thread::sleep(std::time::Duration::from_secs(1000)));
child.start()?;
let waits = woozle::threading::Thread::spawn({ let child = child.clone(); move || child.join().is_ok() });"#,
        using: "child.join()?;\n(child.is_alive()?, waits.join()?)",
        gives: "(false, true)",
        is_shared: false,
    },
];
