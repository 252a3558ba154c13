// %%
use std::iter;

let mut powers = iter::successors(Some(1u32), |n| n.checked_mul(10));
let mut state = (0u64, 1u64);
let mut fib = iter::from_fn(move || {
    let out = state.0;
    state = (state.1, state.0 + state.1);
    Some(out)
});
// %%
println!("{:?}", powers.by_ref().take(3).collect::<Vec<_>>());
println!("{:?}", fib.by_ref().take(6).collect::<Vec<_>>());
// %%
println!("last power {:?}", powers.last());
let over = fib.by_ref().skip_while(|n| *n < 100).next();
println!("{over:?}");
// %%
let mut n = 0;
let mut dice = iter::repeat_with(|| { n = (n * 5 + 3) % 16; n % 6 + 1 });
// %%
println!("{:?} {:?}", dice.next(), fib.next());
let v: Vec<_> = dice.take(4).collect();
println!("{v:?} n = {n}");
// expect: [1, 10, 100]
// expect: [0, 1, 1, 2, 3, 5]
// expect: last power Some(1000000000)
// expect: Some(144)
// expect: Some(4) Some(233)
// expect: [3, 2, 5, 2] n = 7
