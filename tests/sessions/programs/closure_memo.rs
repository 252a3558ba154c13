// %%
trait Op { fn run(&self, x: i32) -> i32; }
struct Add(i32);
impl Op for Add { fn run(&self, x: i32) -> i32 { x + self.0 } }
fn by(ops: Vec<Box<dyn Op>>) -> impl Fn(i32) -> i32 { move |x| ops.iter().fold(x, |x, op| op.run(x)) }
fn memo<K: std::hash::Hash + Eq + Clone, V: Clone>(f: impl Fn(K) -> V) -> impl FnMut(K) -> V {
    let mut seen = std::collections::HashMap::new();
    move |k| seen.entry(k.clone()).or_insert_with(|| f(k)).clone()
}
fn chars(s: &str) -> impl Iterator<Item = (usize, char)> + '_ { s.chars().enumerate() }
fn both<'a>(a: &'a [i32], b: &'a [i32]) -> impl Iterator<Item = i32> + use<'a> { a.iter().chain(b).copied() }
// %%
let run = by(vec![Box::new(Add(1)), Box::new(Add(2))]);
let mut cached = memo(|n: u64| { println!("computing {n}"); n * n });
let text = String::from("xyz");
let it = chars(&text);
// %%
println!("{} {} {}", run(1), cached(3), cached(3));
// %%
println!("{} {}", cached(3), cached(4));
for (i, c) in it { print!("{i}{c} "); }
println!();
// %%
let (p, q) = (vec![1, 2], vec![3]);
let mut all = both(&p, &q);
// %%
println!("{:?}", all.next());
// %%
println!("{:?}", all.collect::<Vec<_>>());
println!("{}", p.len());
// %%
let ops: Vec<(&str, fn(f64, f64) -> f64)> = vec![("add", |a, b| a + b), ("mul", |a, b| a * b)];
let table: std::collections::HashMap<_, _> = ops.into_iter().collect();
// %%
println!("{}", table["mul"](2.0, 4.0));
// %%
let pipeline = [1, 2, 3].into_iter().map(|n| n * 10).filter(|n| n % 20 == 0);
let mut tagged = pipeline.clone().map(|n| format!("<{n}>"));
// %%
println!("{:?} {}", tagged.next(), pipeline.count());
// %%
let lazy = std::cell::LazyCell::new(|| { println!("init"); 42 });
let once = std::sync::LazyLock::new(|| 43);
// %%
println!("{} {}", *lazy, *once);
// %%
println!("{}", *lazy);
// expect: computing 3
// expect: 4 9 9
// expect: computing 4
// expect: 9 16
// expect: 0x 1y 2z 
// expect: Some(1)
// expect: [2, 3]
// expect: 2
// expect: 8
// expect: Some("<20>") 1
// expect: init
// expect: 42 43
// expect: 42
