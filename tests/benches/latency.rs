//! How long a cell takes, from its request to its answer, beside bare rustc on the same source.
//!
//! `cargo bench -p woozle-tests --bench latency`; with `-- --quick`, each cell once.
//!
//! For each cell of a mixed list: the time that a client measures, and the time that
//! `rustc @rustc.args` takes for the crate that the kernel made of the cell, both in this run and
//! in turn. (A cell that needs rustc twice is measured against its last run.)

#[allow(dead_code)]
#[path = "../tests/support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::Session;

/// Small cells of all kinds, as a notebook has them.
const CELLS: &[&str] = &[
    "let x = 5;",
    "x + 1",
    "let v: Vec<i32> = (0..10).collect();",
    "v.iter().sum::<i32>()",
    "fn add(a: i32, b: i32) -> i32 { a + b }",
    "add(x, 2)",
    "println!(\"hello {x}\");",
    "use std::collections::HashMap;\nlet mut m = HashMap::new();\nm.insert(\"a\", 1);",
    "m.len()",
    "#[derive(Debug, Clone)]\nstruct P { x: f64, y: f64 }",
    "let p = P { x: 1.0, y: 2.0 };",
    "p.x + p.y",
    "for i in 0..3 { println!(\"{i}\"); }",
    "let s = String::from(\"abc\");\nlet t = s.clone() + \"d\";",
    "t",
    "use std::thread;\nlet h = thread::spawn(|| 5);",
    "h.join().unwrap()",
    "impl P { fn norm(&self) -> f64 { (self.x * self.x + self.y * self.y).sqrt() } }",
    "p.norm()",
    "let add5 = |a: i32| a + 5;",
    "add5(3)",
    "let words: Vec<String> = \"a b c\".split(' ').map(String::from).collect();",
    "words.join(\"-\")",
    "fn fib(n: u64) -> u64 { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }",
    "fib(20)",
    "use std::sync::Mutex;\nstatic LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());",
    "LOG.lock().unwrap().push(\"one\".into());",
    "enum Shape { Circle(f64), Square(f64) }\nfn area(s: &Shape) -> f64 { match s { Shape::Circle(r) => 3.14 * r * r, Shape::Square(a) => a * a } }",
    "area(&Shape::Square(3.0)) + area(&Shape::Circle(1.0))",
    "use woozle::threading::{Event, Thread};\nlet ready = Event::new();",
    "let r = ready.clone();\nlet waiter = Thread::new(move || { r.wait(); println!(\"woken\"); });\nwaiter.start();",
    "ready.set();\nwaiter.join().unwrap();",
];

struct Row {
    cell: &'static str,
    kernel: Duration,
    rustc: Duration,
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let rounds = if quick { 1 } else { 5 };
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("latency-cache");
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..rounds {
        rows.extend(round(&cache));
    }
    println!("{:>8} {:>8} {:>6}  cell", "kernel", "rustc", "ratio");
    for cell in CELLS {
        let of_cell = || rows.iter().filter(|row| row.cell == *cell);
        let kernel = median(of_cell().map(|row| row.kernel));
        let rustc = median(of_cell().map(|row| row.rustc));
        let first_line = cell.lines().next().unwrap_or_default();
        println!(
            "{} {} {:6.2}  {first_line}",
            ms(kernel),
            ms(rustc),
            ratio(kernel, rustc)
        );
    }
    let (kernel, rustc) = (
        median(rows.iter().map(|r| r.kernel)),
        median(rows.iter().map(|r| r.rustc)),
    );
    println!(
        "{} {} {:6.2}  median of all",
        ms(kernel),
        ms(rustc),
        ratio(kernel, rustc)
    );
}

/// Runs every cell once, in one session.
fn round(cache: &Path) -> Vec<Row> {
    let mut session = Session::start_with(|command| {
        command.env("WOOZLE_CACHE", cache);
    });
    let folder = session_folder(cache);
    let mut rows = Vec::new();
    for cell in CELLS {
        let begin = Instant::now();
        let answer = session.run(cell);
        let kernel = begin.elapsed();
        assert!(answer.error.is_none(), "{cell}: {:?}", answer.error);
        rows.push(Row {
            cell,
            kernel,
            rustc: bare(&newest(&folder.join("src"))),
        });
    }
    rows
}

/// Repeats rustc's last run for a crate.
fn bare(sources: &Path) -> Duration {
    let mut rustc = Command::new(sysroot().join("bin/rustc"));
    rustc
        .arg("@rustc.args")
        .current_dir(sources)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let begin = Instant::now();
    assert!(rustc.status().expect("rustc starts").success());
    begin.elapsed()
}

fn sysroot() -> PathBuf {
    let output = Command::new("rustc")
        .args(["--print", "sysroot"])
        .output()
        .expect("rustc starts");
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
}

/// The folder of the one session that uses this cache.
fn session_folder(cache: &Path) -> PathBuf {
    let entries = std::fs::read_dir(cache).expect("the cache").flatten();
    let mut sessions = entries.map(|entry| entry.path()).filter(|path| {
        path.file_name()
            .is_some_and(|n| n.to_string_lossy().starts_with("session-"))
    });
    sessions.next().expect("a session's folder")
}

fn newest(folder: &Path) -> PathBuf {
    let entries = std::fs::read_dir(folder).expect("the sources").flatten();
    let number = |path: &PathBuf| {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        name.trim_start_matches("cell_").parse::<u32>().unwrap_or(0)
    };
    entries
        .map(|entry| entry.path())
        .max_by_key(number)
        .expect("a crate")
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times[times.len() / 2]
}

fn ms(time: Duration) -> String {
    format!("{:>5.0} ms", time.as_secs_f64() * 1000.0)
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}
