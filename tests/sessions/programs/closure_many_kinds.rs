// %%
fn make_adder(n: i32) -> impl Fn(i32) -> i32 { move |x| x + n }
fn make_multiplier(n: i32) -> Box<dyn Fn(i32) -> i32> { Box::new(move |x| x * n) }
fn compose<A, B, C>(f: impl Fn(A) -> B, g: impl Fn(B) -> C) -> impl Fn(A) -> C { move |x| g(f(x)) }
fn apply<F: FnOnce() -> String>(f: F) -> String { f() }
// %%
let add5 = make_adder(5);
let times3 = make_multiplier(3);
// %%
println!("{} {}", add5(1), times3(4));
// %%
let both = compose(add5, times3);
// %%
println!("{}", both(2));
// %%
let curry = |a: i32| move |b: i32| a - b;
// %%
let from10 = curry(10);
// %%
println!("{}", from10(3));
// %%
let mut count = 0;
let mut inc = || { count += 1; count };
// %%
inc();
// %%
println!("{}", inc());
// %%
println!("count {count}");
// %%
let name = String::from("Ann");
let greet = || format!("hi {name}");
// %%
println!("{} {}", apply(greet), apply(&greet));
// %%
let consume = move || name;
// %%
println!("{}", apply(consume));
// %%
let mut ops: Vec<(&str, Box<dyn Fn(f64, f64) -> f64>)> = Vec::new();
// %%
ops.push(("add", Box::new(|a, b| a + b)));
ops.push(("pow", Box::new(f64::powf)));
// %%
for (n, f) in &ops {
    println!("{n} {}", f(2.0, 3.0));
}
// %%
let mut funs: Vec<fn(i32) -> i32> = vec![];
// %%
funs.push(|x| x + 1);
funs.push(i32::abs);
// %%
println!("{:?}", funs.iter().map(|f| f(-4)).collect::<Vec<_>>());
// %%
let sq = |x| x * x;
// %%
println!("{}", sq(7u64));
// %%
let mut memo = std::collections::HashMap::new();
// %%
fn fib(n: u64, memo: &mut std::collections::HashMap<u64, u64>) -> u64 {
    if n < 2 { return n; }
    if let Some(&v) = memo.get(&n) { return v; }
    let v = fib(n - 1, memo) + fib(n - 2, memo);
    memo.insert(n, v);
    v
}
// %%
println!("{} {}", fib(50, &mut memo), memo.len());
// expect: 6 12
// expect: 21
// expect: 7
// expect: 2
// expect: count 2
// expect: hi Ann hi Ann
// expect: Ann
// expect: add 5
// expect: pow 8
// expect: [-3, 4]
// expect: 49
// expect: 12586269025 49
