// %%
fn fact(n: u64) -> u64 { if n < 2 { 1 } else { n * fact(n - 1) } }
fn fib(n: u64) -> u64 { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
fn trace(f: fn(u64) -> u64, n: u64) -> Vec<u64> { (0..n).map(f).collect() }
// %%
let table: [(&str, fn(u64) -> u64); 2] = [("fact", fact), ("fib", fib)];
let pick = |name: &str| table.iter().find(|(n, _)| *n == name).map(|t| t.1);
// %%
for (name, f) in table {
    println!("{name}: {:?}", trace(f, 8));
}
// %%
let f = pick("fib").unwrap();
println!("{} {}", f(15), pick("none").is_none());
// %%
fn even(n: u32) -> bool { if n == 0 { true } else { odd(n - 1) } }
fn odd(n: u32) -> bool { if n == 0 { false } else { even(n - 1) } }
let tests: Vec<fn(u32) -> bool> = vec![even, odd, |n| n > 5];
println!("{:?}", tests.iter().map(|t| t(6)).collect::<Vec<_>>());
// expect: fact: [1, 1, 2, 6, 24, 120, 720, 5040]
// expect: fib: [0, 1, 1, 2, 3, 5, 8, 13]
// expect: 610 true
// expect: [true, false, true]
