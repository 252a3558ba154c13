//! What each session begins with: the variables of the model, pools, and threads that do all kinds of things meanwhile.

use crate::support::numbers::Numbers;

/// The cells that make what the model knows, and the pools. They can be run again when all is lost.
pub(super) const MADE: [&str; 5] = [
    "use std::cell::RefCell;\nuse std::collections::BTreeMap;\nuse std::sync::{Mutex, mpsc};\n\
     use std::sync::atomic::{AtomicU64, Ordering::SeqCst};\nuse std::time::Duration;\n\
     use woozle::concurrent::{ComputePool, ProcessPoolExecutor, ThreadPoolExecutor};\nuse woozle::multiprocessing as mp;\n\
     use rayon::prelude::*;\n\
     static COUNT: AtomicU64 = AtomicU64::new(0);\nstatic LIST: Mutex<Vec<u64>> = Mutex::new(Vec::new());\n\
     thread_local! { static OWN: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) }; }\n\
     type Ask = Box<dyn Fn(u64) -> u64 + Send>;\n\
     fn summer(mut sum: u64) -> Ask {\n    let (send, receive) = mpsc::channel::<(u64, mpsc::Sender<u64>)>();\n    \
     std::thread::spawn(move || for (n, back) in receive { sum += n; let _ = back.send(sum); });\n    \
     Box::new(move |n| { let (back, sum) = mpsc::channel(); send.send((n, back)).unwrap(); sum.recv().unwrap() })\n}",
    "fn first() -> u64 { 0 }\nfn second() -> u64 { first() + 1 }",
    "fn twice(n: u64) -> u64 { 2 * n }\nfn sum(a: u64, b: u64) -> u64 { a + b }\nfn say(n: u64) { println!(\"task {n}\") }\n\
     fn nap(n: u64) -> u64 { std::thread::sleep(Duration::from_millis(20)); n }\nfn spin() { loop { std::hint::spin_loop() } }\n\
     fn dies(n: u64, how: u64) -> u64 {\n    if n == 7 {\n        match how {\n            0 => unsafe { libc::raise(libc::SIGKILL); },\n            \
     1 => std::process::abort(),\n            2 => std::process::exit(3),\n            3 => unsafe { std::ptr::without_provenance_mut::<u8>(1).write_volatile(1) },\n            \
     _ => panic!(\"oh\"),\n        }\n    }\n    n\n}",
    "let mut numbers: Vec<u64> = Vec::new();\nlet mut map: BTreeMap<u64, u64> = BTreeMap::new();\nlet mut text = String::new();\n\
     let mut ask = summer(0);\nlet shared = mp::Value::new(0_u64)?;",
    "let mut pool = mp::Pool::new(2)?;\nlet threads = ThreadPoolExecutor::new(2);\nlet compute = ComputePool::new(2)?;\n\
     let processes = ProcessPoolExecutor::new(1)?;\nlet queue = mp::Queue::<u64>::new()?;\nlet left = pool.map_async(twice, 0..3_u64);",
];

/// The cell in which a thread of its own prints what it is told, whoever tells it.
pub(super) const TELLER: &str = "let tell = {\n    let (send, receive) = mpsc::channel::<(u64, mpsc::Sender<()>)>();\n    \
     std::thread::spawn(move || for (n, back) in receive { println!(\"told {n}\"); let _ = back.send(()); });\n    \
     move |n: u64| { let (back, done) = mpsc::channel(); send.send((n, back)).unwrap(); done.recv().unwrap() }\n};";

/// Everything else that has to work after whatever happens: pools, executors, queues, a manager, a process.
pub(super) const TOOLS: &str = "(pool.map(twice, 0..9_u64)?, threads.submit(|| 7).result()?, compute.submit(|| 8).result()?, \
     processes.submit(twice, (3,)).result()?, { queue.put(4)?; queue.get()? }, mp::Manager::new()?.value(5_u64)?.get()?, \
     { let process = mp::Process::new(|| ()); process.start()?; process.join()?.to_string() })";

pub(super) const TOOLS_GIVE: &str =
    "([0, 2, 4, 6, 8, 10, 12, 14, 16], 7, 8, 6, 4, 5, \"exit code 0\")";

/// Threads at work while all else happens, which print nothing.
const NOISE: [&str; 10] = [
    // The loader's lock is one that knows its owner.
    "std::thread::spawn(|| loop { for _ in 0..2000 { unsafe { libc::dlsym(libc::RTLD_DEFAULT, c\"getpid\".as_ptr()); } } std::thread::sleep(Duration::from_millis(3)); });",
    "std::thread::spawn(|| loop { std::thread::spawn(|| ()).join().unwrap(); std::thread::sleep(Duration::from_millis(3)); });",
    "std::thread::spawn(|| loop { std::hint::black_box(vec![1_u8; 300_000]); std::thread::sleep(Duration::from_millis(2)); });",
    "std::thread::spawn(|| loop { let _ = std::process::Command::new(\"true\").status(); std::thread::sleep(Duration::from_millis(50)); });",
    "std::thread::spawn(|| loop { (0..1000_u64).into_par_iter().sum::<u64>(); std::thread::sleep(Duration::from_millis(5)); });",
    // So are those of C's streams.
    "std::thread::spawn(|| loop { for _ in 0..200 { unsafe { libc::fflush(std::ptr::null_mut()); } } std::thread::sleep(Duration::from_millis(3)); });",
    "std::thread::spawn(|| unsafe {\n    let mut kind: libc::pthread_mutexattr_t = std::mem::zeroed();\n    libc::pthread_mutexattr_init(&mut kind);\n    \
     libc::pthread_mutexattr_settype(&mut kind, libc::PTHREAD_MUTEX_RECURSIVE);\n    let lock: &'static mut libc::pthread_mutex_t = Box::leak(Box::new(std::mem::zeroed()));\n    \
     libc::pthread_mutex_init(lock, &kind);\n    loop {\n        assert_eq!(libc::pthread_mutex_lock(lock), 0);\n        std::thread::sleep(Duration::from_millis(4));\n        \
     assert_eq!(libc::pthread_mutex_unlock(lock), 0);\n    }\n});",
    "{\n    let pair = std::sync::Arc::new((Mutex::new(0_u64), std::sync::Condvar::new()));\n    for me in 0..2 {\n        let pair = pair.clone();\n        std::thread::spawn(move || loop {\n            \
     let mut turn = pair.0.lock().unwrap();\n            while *turn % 2 != me { turn = pair.1.wait(turn).unwrap(); }\n            *turn += 1;\n            pair.1.notify_all();\n            drop(turn);\n            \
     std::thread::sleep(Duration::from_millis(2));\n        });\n    }\n}",
    "{\n    let (numbers, event) = (woozle::queue::Queue::<u64>::with_maxsize(2), woozle::threading::Event::new());\n    let other = numbers.clone();\n    \
     woozle::threading::Thread::spawn(move || loop { other.put(1).unwrap(); });\n    \
     woozle::threading::Thread::spawn(move || loop { numbers.get().unwrap(); event.wait_timeout(Duration::from_millis(3)); });\n}",
    "{\n    let (here, there) = mp::pipe::<u64>()?;\n    std::thread::spawn(move || loop { if here.send(1).is_err() { break } std::thread::sleep(Duration::from_millis(3)); });\n    \
     std::thread::spawn(move || while there.recv().is_ok() {});\n}",
];

/// A cell that starts some of them.
pub(super) fn noise(numbers: &mut Numbers) -> String {
    numbers.some_of(&NOISE, 3).join("\n")
}
