//! Many cells in one session: interrupted at random moments, crashing now and then, and nothing grows.
//!
//! `WOOZLE_SOAK` is how many cells each test runs; without it there are few.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use crate::support::{Session, descendants};

fn cells(few: usize) -> usize {
    let set = std::env::var("WOOZLE_SOAK").ok();
    set.and_then(|count| count.parse().ok()).unwrap_or(few)
}

/// Numbers that are the same on every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("below the limit")
    }
}

/// What a cell does between its two changes.
const WORK: [&str; 6] = [
    "for n in 0..2_000_000_u64 { std::hint::black_box(n); }",
    "std::thread::sleep(std::time::Duration::from_millis(60));",
    "woozle::threading::Event::new().wait_timeout(std::time::Duration::from_millis(60));",
    "{ let mut n = 0; while n < 60 { std::thread::sleep(std::time::Duration::from_millis(1)); n += 1; } }",
    "std::thread::spawn(|| std::thread::sleep(std::time::Duration::from_millis(40))).join().unwrap();",
    "for _ in 0..20 { println!(\"Woozle\"); std::thread::sleep(std::time::Duration::from_millis(3)); }",
];

#[test]
fn an_interrupt_at_any_moment_leaves_a_state_that_its_answer_tells() {
    let mut numbers = Numbers(7);
    let mut session = Session::start();
    session
        .run("let (mut first, mut second) = (Vec::<usize>::new(), Vec::<usize>::new());")
        .ok();
    let (mut first, mut second) = (Vec::new(), Vec::new());
    let mut interrupted = 0;
    for n in 0..cells(25) {
        let work = WORK[numbers.below(WORK.len())];
        let request = session.send(&format!("first.push({n});\n{work}\nsecond.push({n});"));
        // The moment is what the test is about.
        sleep(Duration::from_millis(numbers.below(250) as u64));
        session.interrupt();
        let cell = session.finish(&request);
        let (mut with_first, mut with_both) = (first.clone(), second.clone());
        with_first.push(n);
        with_both.push(n);
        let possible = if cell.is_ok() {
            vec![(with_first, with_both)]
        } else {
            interrupted += 1;
            let text = cell.fails();
            assert!(text.contains("KeyboardInterrupt"), "{text}");
            if text.contains("before it ran") || text.contains("did not stop by itself") {
                vec![(first.clone(), second.clone())]
            } else {
                vec![(with_first, second.clone())]
            }
        };
        let state = session.run("(&first, &second)").ok().result;
        let state = state.expect("a value");
        let is = possible
            .into_iter()
            .find(|possible| format!("{possible:?}") == state);
        let Some(is) = is else {
            panic!("{n}: {work}: {state}\n{cell:#?}")
        };
        (first, second) = is;
    }
    assert!(interrupted > 0);
}

/// What a session has of the system: descriptors and threads of the kernel, processes below it,
/// and the descriptors of the host.
fn used(session: &Session) -> [usize; 4] {
    let count = |path: String| fs::read_dir(path).map_or(0, Iterator::count);
    let kernel = session.kernel.id();
    let below = descendants(kernel);
    let host = below.iter().find(|process| process.name == "woozle-host");
    let host = host.expect("a host").id;
    [
        count(format!("/proc/{kernel}/fd")),
        count(format!("/proc/{kernel}/task")),
        below.len(),
        count(format!("/proc/{host}/fd")),
    ]
}

/// Kilobytes of memory that the kernel has.
fn resident(session: &Session) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", session.kernel.id()));
    let status = status.expect("the kernel lives");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().strip_suffix("kB"));
    number
        .and_then(|n| n.trim().parse().ok())
        .expect("a number")
}

#[test]
fn nothing_grows_with_the_number_of_cells() {
    let mut session = Session::start();
    session
        .run("use woozle::multiprocessing::Pool;\nfn twice(n: u64) -> u64 { 2 * n }\nlet pool = Pool::new(1)?;\nlet mut kept = 0_usize;")
        .ok();
    let count = cells(60);
    let mut before = None;
    for n in 0..count {
        match n % 10 {
            0 => session
                .run(&format!("kept += 1;\nfn changing() -> usize {{ {n} }}"))
                .ok(),
            1 => session.run("pool.map(twice, 0..3)?").ok(),
            2 => session
                .run("let text = vec![String::from(\"pot\"); 1000];")
                .ok(),
            3 => session
                .run("std::thread::spawn(|| println!(\"late\"));")
                .ok(),
            4 => session.run("changing()").ok(),
            5 => session.run("let unused = { no_such_name };"),
            6 => session.run("panic!(\"oh\")"),
            7 => session.run("text.len()").ok(),
            8 => session.run("std::process::abort()"),
            _ => session.run("let future = async { 1 };\nfuture.await").ok(),
        };
        if n == count / 3 {
            before = Some((used(&session), resident(&session)));
        }
    }
    session.run("kept").gives(&count.div_ceil(10).to_string());
    let (before, memory) = before.expect("counted");
    let after = used(&session);
    // A copy may be about to end, a thread about to start.
    for (before, after) in before.iter().zip(after) {
        assert!(after <= before + 6, "{before:?}, then {after:?}");
    }
    // Of each cell the kernel keeps its text and what it defines.
    let growth = resident(&session).saturating_sub(memory);
    assert!(growth < 8 * 1024 + 100 * count, "{growth} KB");
}
