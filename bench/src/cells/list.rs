//! Small cells of all kinds, as a notebook has them, in Rust that all kernels take.

/// What is expected of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expect {
    Success,
    /// A compile error, or a panic.
    Failure,
}

use Expect::{Failure, Success};

/// Kind, what is expected, text.
pub(crate) const CELLS: &[(&str, Expect, &str)] = &[
    ("variable", Success, "let x = 5;"),
    ("expression", Success, "x + 1"),
    ("variable", Success, "let v: Vec<i32> = (0..10).collect();"),
    ("expression", Success, "v.iter().sum::<i32>()"),
    (
        "function",
        Success,
        "fn add(a: i32, b: i32) -> i32 { a + b }",
    ),
    ("expression", Success, "add(x, 2)"),
    ("print", Success, "println!(\"hello {x}\");"),
    (
        "variable",
        Success,
        "use std::collections::HashMap;\nlet mut m: HashMap<String, i32> = HashMap::new();\nm.insert(\"a\".into(), 1);",
    ),
    ("expression", Success, "m.len()"),
    (
        "mutation",
        Success,
        "m.insert(\"b\".into(), 2);\n*m.get_mut(\"a\").unwrap() += 1;",
    ),
    (
        "type",
        Success,
        "#[derive(Debug, Clone)]\npub struct P { pub x: f64, pub y: f64 }",
    ),
    ("variable", Success, "let p = P { x: 1.0, y: 2.0 };"),
    ("expression", Success, "p.x + p.y"),
    ("print", Success, "for i in 0..3 { println!(\"{i}\"); }"),
    (
        "variable",
        Success,
        "let s = String::from(\"abc\");\nlet t = s.clone() + \"d\";",
    ),
    ("expression", Success, "t"),
    (
        "thread",
        Success,
        "use std::thread;\nlet h = thread::spawn(|| 5);",
    ),
    ("moved value", Success, "h.join().unwrap()"),
    (
        "impl",
        Success,
        "impl P { pub fn norm(&self) -> f64 { (self.x * self.x + self.y * self.y).sqrt() } }",
    ),
    ("expression", Success, "p.norm()"),
    ("closure", Success, "let add5 = |a: i32| a + 5;"),
    ("closure", Success, "add5(3)"),
    (
        "variable",
        Success,
        "let words: Vec<String> = \"a b c\".split(' ').map(String::from).collect();",
    ),
    ("expression", Success, "words.join(\"-\")"),
    (
        "heavy function",
        Success,
        "fn fib(n: u64) -> u64 { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }",
    ),
    ("expression", Success, "fib(20)"),
    (
        "heavy function",
        Success,
        "fn primes(n: usize) -> Vec<usize> {\n    let mut sieve = vec![true; n + 1];\n    for i in 2..=n {\n        if sieve[i] { for j in (i * i..=n).step_by(i) { sieve[j] = false; } }\n    }\n    (2..=n).filter(|&i| sieve[i]).collect()\n}",
    ),
    ("expression", Success, "primes(50)"),
    (
        "static",
        Success,
        "use std::sync::Mutex;\npub static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());",
    ),
    (
        "static",
        Success,
        "LOG.lock().unwrap().push(\"one\".into());",
    ),
    (
        "type",
        Success,
        "pub enum Shape { Circle(f64), Square(f64) }\npub fn area(s: &Shape) -> f64 { match s { Shape::Circle(r) => 3.14 * r * r, Shape::Square(a) => a * a } }",
    ),
    (
        "expression",
        Success,
        "area(&Shape::Square(3.0)) + area(&Shape::Circle(1.0))",
    ),
    (
        "trait",
        Success,
        "pub trait Named { fn name(&self) -> String; }\nimpl Named for Shape { fn name(&self) -> String { match self { Shape::Circle(_) => \"circle\".into(), Shape::Square(_) => \"square\".into() } } }",
    ),
    (
        "trait",
        Success,
        "let shapes = vec![Shape::Circle(1.0), Shape::Square(2.0)];\nshapes.iter().map(|s| s.name()).collect::<Vec<_>>()",
    ),
    (
        "generic",
        Success,
        "pub struct Stack<T> { pub items: Vec<T> }\nimpl<T> Stack<T> {\n    pub fn new() -> Self { Stack { items: Vec::new() } }\n    pub fn push(&mut self, item: T) -> usize { self.items.push(item); self.items.len() }\n}",
    ),
    (
        "generic",
        Success,
        "let mut stack: Stack<i32> = Stack::new();\nstack.push(1);\nstack.push(2)",
    ),
    ("mutation", Success, "stack.push(3)"),
    (
        "redefinition",
        Success,
        "fn add(a: i32, b: i32) -> i32 { a + b + 1 }",
    ),
    ("expression", Success, "add(x, 2)"),
    (
        "macro",
        Success,
        "macro_rules! square { ($e:expr) => { $e * $e } }",
    ),
    ("macro", Success, "square!(x + 1)"),
    ("result", Success, "\"42\".parse::<i32>()?"),
    (
        "thread",
        Success,
        "use std::sync::mpsc;\nlet (sender, receiver) = mpsc::channel::<i32>();\nfor i in 0..4 {\n    let sender = sender.clone();\n    thread::spawn(move || sender.send(i * i).unwrap());\n}\ndrop(sender);\nreceiver.iter().sum::<i32>()",
    ),
    (
        "thread",
        Success,
        "use std::sync::Arc;\nuse std::sync::atomic::{AtomicUsize, Ordering};\nlet count = Arc::new(AtomicUsize::new(0));\nlet threads: Vec<_> = (0..4).map(|_| { let count = count.clone(); thread::spawn(move || { count.fetch_add(1, Ordering::SeqCst); }) }).collect();\nfor t in threads { t.join().unwrap(); }\ncount.load(Ordering::SeqCst)",
    ),
    (
        "thread",
        Success,
        "let total: i32 = thread::scope(|scope| {\n    let halves: Vec<_> = v.chunks(5).map(|half| scope.spawn(move || half.iter().sum::<i32>())).collect();\n    halves.into_iter().map(|h| h.join().unwrap()).sum()\n});\ntotal",
    ),
    (
        "heavy statement",
        Success,
        "let mut steps = 0u64;\nlet mut n = 97u64;\nwhile n != 1 { n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 }; steps += 1; }\nsteps",
    ),
    (
        "string",
        Success,
        "format!(\"{:>8.3}|{:<6}|{:?}\", 3.14159, words[0], v)",
    ),
    ("compile error", Failure, "let wrong: i32 = \"text\";"),
    (
        "panic",
        Failure,
        "let missing: Option<i32> = None;\nmissing.unwrap()",
    ),
    ("expression", Success, "v.len() + words.len()"),
];
