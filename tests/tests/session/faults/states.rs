//! The states of a session: variables, statics, threads that run or wait, pools, what is open.

/// A state: its name, the cell that makes it, one that uses it, and what that gives.
pub(super) struct State {
    pub(super) name: &'static str,
    pub(super) make: &'static str,
    pub(super) using: &'static str,
    pub(super) gives: &'static str,
    /// Whether it lies outside the process: that is not taken back once it is used up, so it is made anew.
    pub(super) is_shared: bool,
}

pub(super) const OF_ONE_PROCESS: &[State] = &[
    State {
        name: "variables of many kinds",
        make: r#"
let mut v = vec![1, 2];
let s = String::from("é");
let b: Box<dyn Fn(u32) -> u32 + Send> = Box::new(|n| n + 1);
let n = 5;
let add = move |m: i32| n + m;
let m = std::collections::HashMap::from([(1, "one")]);
let rc = std::rc::Rc::new(5);
let mut evens = (0..).step_by(2);
let future = async { 8 };
let large = vec![7_u8; 32 << 20];"#,
        using: r#"
v.push(3);
let seen = (v.len(), &s, b(1), add(1), m[&1], *rc, evens.next(), large[large.len() - 1]);
(format!("{seen:?}"), future.await)"#,
        gives: r#"("(3, \"é\", 2, 6, \"one\", 5, Some(0), 7)", 8)"#,
        is_shared: false,
    },
    State {
        name: "statics and thread-locals",
        make: r#"
use std::cell::Cell;
use std::sync::{LazyLock, Mutex, OnceLock, atomic::{AtomicU32, Ordering::SeqCst}};
static COUNT: AtomicU32 = AtomicU32::new(1);
static LOG: Mutex<Vec<u8>> = Mutex::new(vec![]);
static ONCE: OnceLock<u32> = OnceLock::new();
static LAZY: LazyLock<String> = LazyLock::new(|| "lazy".to_owned());
thread_local! { static HERE: Cell<u32> = const { Cell::new(0) }; }
COUNT.fetch_add(1, SeqCst);
LOG.lock().unwrap().push(7);
ONCE.set(3).unwrap();
HERE.set(4);"#,
        using: r"(COUNT.load(SeqCst), LOG.lock().unwrap().clone(), ONCE.get(), LAZY.len(), HERE.get())",
        gives: "(2, [7], Some(3), 4, 4)",
        is_shared: false,
    },
    State {
        name: "threads that compute, sleep and print",
        make: r#"
use std::sync::{Arc, atomic::{AtomicU64, Ordering::SeqCst}};
use std::time::Duration;
let count = Arc::new(AtomicU64::new(0));
for n in 0..3 {
    let count = count.clone();
    std::thread::spawn(move || loop {
        count.fetch_add(1, SeqCst);
        match n { 0 => std::thread::sleep(Duration::from_millis(1)), 1 => std::thread::yield_now(), _ => { println!("late"); std::thread::sleep(Duration::from_millis(3)) } }
    });
}"#,
        using: r#"
let before = count.load(SeqCst);
while count.load(SeqCst) < before + 20 { std::thread::sleep(Duration::from_millis(1)); }
true"#,
        gives: "true",
        is_shared: false,
    },
    State {
        name: "threads that wait in std: Mutex, RwLock, Condvar, Barrier, Once",
        make: r#"
use std::sync::{Arc, Barrier, Condvar, Mutex, Once, RwLock};
use std::thread;
let (mutex, rw, pair) = (Arc::new(Mutex::new(0)), Arc::new(RwLock::new(0)), Arc::new((Mutex::new(false), Condvar::new())));
let barrier = Arc::new(Barrier::new(2));
static ONCE: Once = Once::new();
// One thread holds the locks, until it is told to let go.
let holder = thread::spawn({ let (mutex, rw, pair) = (mutex.clone(), rw.clone(), pair.clone()); move || {
    let _held = (mutex.lock().unwrap(), rw.write().unwrap());
    ONCE.call_once(|| { let mut go = pair.0.lock().unwrap(); while !*go { go = pair.1.wait(go).unwrap(); } });
    0
} });
while !(mutex.try_lock().is_err() && rw.try_read().is_err()) { thread::yield_now(); }
let waiters = [
    thread::spawn({ let mutex = mutex.clone(); move || { *mutex.lock().unwrap() += 1; 1 } }),
    thread::spawn({ let rw = rw.clone(); move || { *rw.write().unwrap() += 1; 2 } }),
    thread::spawn({ let rw = rw.clone(); move || { drop(rw.read().unwrap()); 3 } }),
    thread::spawn({ let barrier = barrier.clone(); move || { barrier.wait(); 4 } }),
    thread::spawn(|| { ONCE.call_once(|| ()); 5 }),
    holder,
];"#,
        using: r#"
*pair.0.lock().unwrap() = true;
pair.1.notify_all();
barrier.wait();
(waiters.map(|t| t.join().unwrap()), *mutex.lock().unwrap(), *rw.read().unwrap())"#,
        gives: "([1, 2, 3, 4, 5, 0], 1, 1)",
        is_shared: false,
    },
    State {
        name: "threads that wait in std: channels, park, join, scope",
        make: r#"
use std::sync::mpsc;
use std::thread;
let (send, receive) = mpsc::channel::<u32>();
let (full, drain) = mpsc::sync_channel::<u32>(0);
let parked = thread::spawn(|| { thread::park(); 1_u32 });
let unpark = parked.thread().clone();
let joins = thread::spawn(move || parked.join().unwrap());
let receives = thread::spawn(move || receive.recv().unwrap());
let sends = thread::spawn(move || { full.send(3).unwrap(); 3_u32 });
let (release, released) = mpsc::channel::<()>();
let scoped = thread::spawn(move || thread::scope(|s| { s.spawn(move || released.recv().unwrap()); 4_u32 }));"#,
        using: r#"
send.send(2)?;
let drained = drain.recv()?;
unpark.unpark();
release.send(())?;
([joins, receives, sends, scoped].map(|t| t.join().unwrap()), drained)"#,
        gives: "([1, 2, 3, 4], 3)",
        is_shared: false,
    },
    State {
        name: "threads that hold and wait for locks of C which know their owner: recursive, error-checking, robust, PI, rwlock",
        make: r#"
use std::ptr::from_mut;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::thread;
static GO: AtomicBool = AtomicBool::new(false);
static HELD: AtomicU32 = AtomicU32::new(0);
fn hold() {
    HELD.fetch_add(1, SeqCst);
    while !GO.load(SeqCst) { thread::sleep(std::time::Duration::from_millis(1)); }
}
#[derive(Clone, Copy)]
struct Mutex(usize);
fn mutex(kind: i32, robust: i32, protocol: i32) -> Mutex {
    let made = Box::leak(Box::new(libc::PTHREAD_MUTEX_INITIALIZER));
    unsafe {
        let mut how = std::mem::zeroed();
        libc::pthread_mutexattr_init(&mut how);
        libc::pthread_mutexattr_settype(&mut how, kind);
        libc::pthread_mutexattr_setrobust(&mut how, robust);
        libc::pthread_mutexattr_setprotocol(&mut how, protocol);
        assert_eq!(libc::pthread_mutex_init(made, &how), 0);
    }
    Mutex(from_mut(made) as usize)
}
impl Mutex {
    // Holds it twice if it lets one.
    fn used(self) -> [i32; 3] { unsafe {
        let mutex = self.0 as *mut libc::pthread_mutex_t;
        assert_eq!(libc::pthread_mutex_lock(mutex), 0);
        let twice = libc::pthread_mutex_trylock(mutex) == 0;
        hold();
        let inner = if twice { libc::pthread_mutex_unlock(mutex) } else { 0 };
        [inner, libc::pthread_mutex_unlock(mutex), libc::pthread_mutex_unlock(mutex)]
    } }
    fn waited(self) -> [i32; 3] { unsafe {
        let mutex = self.0 as *mut libc::pthread_mutex_t;
        [libc::pthread_mutex_lock(mutex), libc::pthread_mutex_unlock(mutex), libc::pthread_mutex_unlock(mutex)]
    } }
}
let mutexes = [
    mutex(libc::PTHREAD_MUTEX_RECURSIVE, 0, 0),
    mutex(libc::PTHREAD_MUTEX_ERRORCHECK, 0, 0),
    mutex(libc::PTHREAD_MUTEX_NORMAL, libc::PTHREAD_MUTEX_ROBUST, 0),
    mutex(libc::PTHREAD_MUTEX_ERRORCHECK, 0, libc::PTHREAD_PRIO_INHERIT),
];
let holders = mutexes.map(|mutex| thread::spawn(move || mutex.used()));
let lock = from_mut(Box::leak(Box::new(libc::PTHREAD_RWLOCK_INITIALIZER))) as usize;
let writer = thread::spawn(move || unsafe {
    let lock = lock as *mut libc::pthread_rwlock_t;
    assert_eq!(libc::pthread_rwlock_wrlock(lock), 0);
    hold();
    libc::pthread_rwlock_unlock(lock)
});
while HELD.load(SeqCst) < 5 { thread::yield_now(); }
let waiters = mutexes.map(|mutex| thread::spawn(move || mutex.waited()));
"#,
        using: r#"
use std::os::unix::thread::JoinHandleExt;
let known = unsafe { libc::pthread_kill(writer.as_pthread_t(), 0) };
GO.store(true, SeqCst);
let held = holders.map(|holder| holder.join().unwrap());
let waited = waiters.map(|waiter| waiter.join().unwrap());
let written = writer.join().unwrap();
let again = unsafe { libc::pthread_rwlock_trywrlock(lock as *mut libc::pthread_rwlock_t) };
let eperm = libc::EPERM;
(known, held == [[0, 0, eperm]; 4], waited == [[0, 0, eperm]; 4], written, again)"#,
        gives: "(0, true, true, 0, 0)",
        is_shared: false,
    },
    State {
        name: "threads that take the loader's lock all the time",
        make: r#"
let seekers: Vec<_> = (0..2).map(|_| std::thread::spawn(|| loop {
    for _ in 0..1000 { std::hint::black_box(unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"no_such_function".as_ptr()) }); }
    std::thread::sleep(std::time::Duration::from_micros(100));
})).collect();"#,
        using: r#"seekers.iter().any(|seeker| seeker.is_finished())"#,
        gives: "false",
        is_shared: false,
    },
    State {
        name: "threads that wait in woozle::threading",
        make: r#"
use woozle::threading::{Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore, Thread};
let (event, lock, rlock, condition) = (Event::new(), Lock::new(), RLock::new(), Condition::new());
let (semaphore, bounded, barrier) = (Semaphore::new(0), BoundedSemaphore::new(1), Barrier::new(2));
let (go, ready) = (Event::new(), Event::new());
lock.acquire();
bounded.acquire();
let holder = Thread::spawn({ let (rlock, go, ready) = (rlock.clone(), go.clone(), ready.clone()); move || { let _held = rlock.guard(); ready.set(); go.wait(); 0 } });
ready.wait();
let threads = [
    Thread::spawn({ let event = event.clone(); move || { event.wait(); 1 } }),
    Thread::spawn({ let lock = lock.clone(); move || { lock.acquire(); 2 } }),
    Thread::spawn({ let rlock = rlock.clone(); move || { rlock.acquire(); 3 } }),
    Thread::spawn({ let semaphore = semaphore.clone(); move || { semaphore.acquire(); 4 } }),
    Thread::spawn({ let bounded = bounded.clone(); move || { bounded.acquire(); 5 } }),
    Thread::spawn({ let barrier = barrier.clone(); move || { let _ = barrier.wait(); 6 } }),
    Thread::spawn({ let (condition, go) = (condition.clone(), go.clone()); move || { let mut held = condition.guard(); while !go.is_set() { held.wait(); } 7 } }),
    Thread::spawn(move || holder.join().unwrap() + 8),
];
let timer = woozle::threading::Timer::new(std::time::Duration::from_secs(1000), || ());
timer.start();"#,
        using: r#"
event.set();
lock.release()?;
go.set();
condition.guard().notify_all();
semaphore.release();
bounded.release()?;
barrier.wait()?;
timer.cancel();
threads.into_iter().map(|t| t.join().unwrap()).collect::<Vec<_>>()"#,
        gives: "[1, 2, 3, 4, 5, 6, 7, 8]",
        is_shared: false,
    },
    State {
        name: "threads that wait in woozle::queue",
        make: r#"
use woozle::queue::{LifoQueue, PriorityQueue, Queue, SimpleQueue};
use woozle::threading::Thread;
let (fifo, lifo, priority, simple) = (Queue::<u32>::new(), LifoQueue::<u32>::new(), PriorityQueue::<u32>::new(), SimpleQueue::<u32>::new());
let (full, undone) = (Queue::<u32>::with_maxsize(1), Queue::<u32>::new());
full.put(0)?;
undone.put(0)?;
let threads = [
    Thread::spawn({ let fifo = fifo.clone(); move || fifo.get().unwrap() }),
    Thread::spawn({ let lifo = lifo.clone(); move || lifo.get().unwrap() }),
    Thread::spawn({ let priority = priority.clone(); move || priority.get().unwrap() }),
    Thread::spawn({ let simple = simple.clone(); move || simple.get() }),
    Thread::spawn({ let full = full.clone(); move || { full.put(5).unwrap(); 5 } }),
    Thread::spawn({ let undone = undone.clone(); move || { undone.join(); 6 } }),
];"#,
        using: r#"
fifo.put(1)?;
lifo.put(2)?;
priority.put(3)?;
simple.put(4);
full.get()?;
undone.task_done()?;
threads.into_iter().map(|t| t.join().unwrap()).collect::<Vec<_>>()"#,
        gives: "[1, 2, 3, 4, 5, 6]",
        is_shared: false,
    },
    State {
        name: "thread pools and their futures",
        make: r#"
use woozle::concurrent::{ComputePool, ThreadPoolExecutor};
use woozle::threading::{Event, Thread};
let (executor, compute, go) = (ThreadPoolExecutor::new(2), ComputePool::new(2)?, Event::new());
let busy = executor.submit({ let go = go.clone(); move || { go.wait(); 6 } });
let waits = Thread::spawn({ let busy = busy.clone(); move || busy.result().unwrap() });"#,
        using: r#"
go.set();
(busy.result()?, waits.join()?, executor.submit(|| 7).result()?, compute.submit(|| 8).result()?)"#,
        gives: "(6, 6, 7, 8)",
        is_shared: false,
    },
    State {
        name: "rayon pools in use",
        make: r#"
use rayon::prelude::*;
let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build()?;
let n: u64 = (0..100u64).into_par_iter().sum();
let (send, receive) = std::sync::mpsc::channel::<u64>();
let (done, all) = std::sync::mpsc::channel::<u64>();
pool.spawn(move || done.send(receive.recv().unwrap() + 1).unwrap());"#,
        using: r#"
send.send(1)?;
(pool.install(|| (0..100u64).into_par_iter().sum::<u64>()), (0..10u64).into_par_iter().sum::<u64>(), n, all.recv()?)"#,
        gives: "(4950, 45, 4950, 2)",
        is_shared: false,
    },
    State {
        name: "open files and sockets",
        make: r#"
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::net::{TcpListener, TcpStream};
let (mut here, mut there) = UnixStream::pair()?;
here.write_all(b"kept")?;
let server = TcpListener::bind("127.0.0.1:0")?;
let address = server.local_addr()?;
let accepts = std::thread::spawn(move || { let (mut client, _) = server.accept().unwrap(); let mut byte = [0]; client.read_exact(&mut byte).unwrap(); byte[0] });"#,
        using: r#"
let mut text = [0; 4];
there.read_exact(&mut text)?;
here.write_all(&text)?;
TcpStream::connect(address)?.write_all(&[9])?;
(String::from_utf8_lossy(&text).into_owned(), accepts.join().unwrap())"#,
        gives: r#"("kept", 9)"#,
        is_shared: true,
    },
    State {
        name: "output in flight",
        make: r#"
let noisy = std::thread::spawn(|| for n in 0.. { println!("line {n} of very many that are printed all the time"); if n % 100 == 0 { std::thread::sleep(std::time::Duration::from_millis(5)); } });"#,
        using: "noisy.is_finished()",
        gives: "false",
        is_shared: false,
    },
    State {
        name: "a tokio runtime in use",
        make: r#"
:dep tokio = { version = "1", features = ["rt-multi-thread", "time", "sync", "net", "io-util"] }
let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
let (send, receive) = tokio::sync::oneshot::channel::<u32>();
let waits = runtime.spawn(async move { receive.await.unwrap() });
let ticks = runtime.spawn(async { for _ in 0..u64::MAX { tokio::time::sleep(std::time::Duration::from_millis(1)).await } });"#,
        using: r#"
send.send(4).unwrap();
let sent = runtime.block_on(waits)?;
(sent, runtime.block_on(async { tokio::time::sleep(std::time::Duration::from_millis(2)).await; tokio::spawn(async { 5 }).await })?, ticks.is_finished())"#,
        gives: "(4, 5, false)",
        is_shared: false,
    },
];
