// %%
use std::collections::HashMap;
struct Cache<F> { make: F, known: HashMap<u32, u32> }
impl<F: Fn(&u32) -> u32> Cache<F> {
    fn new(make: F) -> Self { Cache { make, known: HashMap::new() } }
    fn get(&mut self, n: u32) -> u32 { *self.known.entry(n).or_insert_with(|| (self.make)(&n)) }
}
let offset = 100;
let mut cache = Cache::new(|n: &u32| n * n + offset);
// %%
println!("{} {}", cache.get(3), cache.get(3));
// %%
println!("{} {offset} {}", cache.get(4), cache.known.len());
// %%
let v = vec![1, 2, 3, 4];
let k = 10;
let mut it = v.iter().map(|x| x * k);
// %%
println!("{:?} {:?} {}", it.next(), it.next_back(), it.len());
// %%
println!("{:?} {v:?}", it.clone().rev().collect::<Vec<_>>());
// %%
let words = ["kiwi", "apple", "fig"].map(String::from);
let mut lens = words.iter().map(|w| w.len()).enumerate().peekable();
while let Some((i, n)) = lens.next_if(|(i, _)| *i < 1) { println!("{i}: {n}"); }
// %%
println!("{:?}", lens.peek());
let rest: usize = lens.map(|(_, n)| n).sum();
println!("{rest}");
// %%
let mut log = Vec::new();
let mut add = Some(|x: i32| { log.push(x); log.len() });
// %%
if let Some(add) = &mut add { println!("{} {}", add(3), add(4)); }
// %%
println!("{log:?}");
// expect: 109 109
// expect: 116 100 2
// expect: Some(10) Some(40) 2
// expect: [30, 20] [1, 2, 3, 4]
// expect: 0: 4
// expect: Some((1, 5))
// expect: 8
// expect: 1 2
// expect: [3, 4]
