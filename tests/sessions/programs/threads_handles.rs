// %%
use std::thread::{self, JoinHandle};

fn count_primes(from: u32, to: u32) -> usize {
    (from..to).filter(|&n| n > 1 && (2..).take_while(|d| d * d <= n).all(|d| n % d != 0)).count()
}
// %%
let mut handles: Vec<JoinHandle<usize>> = Vec::with_capacity(4);
for part in 0..4 {
    handles.push(thread::spawn(move || count_primes(part * 250, (part + 1) * 250)));
}
// %%
let last = handles.pop().unwrap().join().unwrap();
println!("last quarter: {last}");
// %%
let mut counts: Vec<usize> = handles.into_iter().map(|h| h.join().unwrap()).collect();
counts.push(last);
println!("{counts:?} = {}", counts.iter().sum::<usize>());
// expect: last quarter: 36
// expect: [53, 42, 37, 36] = 168
