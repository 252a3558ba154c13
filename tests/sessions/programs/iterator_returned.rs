// %%
fn evens(v: &[i32]) -> impl Iterator<Item = &i32> + '_ { v.iter().filter(|n| *n % 2 == 0) }
fn naturals() -> impl Iterator<Item = u64> + Clone { (0..).map(|n| n * 2) }
let v = vec![1, 2, 3, 4, 6];
// %%
let mut it = evens(&v);
let mut nat = naturals();
// %%
println!("{:?} {:?}", it.next(), nat.next());
let second = nat.clone();
// %%
println!("{:?} {:?}", it.next(), nat.nth(2));
println!("{:?}", second.take(3).collect::<Vec<_>>());
// %%
let rest: Vec<_> = it.collect();
println!("{rest:?}");
// %%
let zipped = v.iter().zip(naturals()).map(|(a, b)| *a as u64 + b);
// %%
let mut peek = zipped.peekable();
// %%
let windows = v.windows(2).map(|w| w[1] - w[0]);
let chunks = v.chunks(2);
// %%
println!("{:?} {:?}", windows.collect::<Vec<_>>(), chunks.map(|c| c.len()).collect::<Vec<_>>());
// expect: Some(2) Some(0)
// expect: Some(4) Some(6)
// expect: [2, 4, 6]
// expect: [6]
// expect: [1, 1, 1, 2] [2, 2, 1]
