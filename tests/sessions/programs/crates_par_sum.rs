// %%
use rayon::prelude::*;

let n: u64 = 10_000;
let digits = |mut k: u64| {
    let mut s = 0;
    while k > 0 {
        s += k % 10;
        k /= 10;
    }
    s
};
// %%
let total: u64 = (1..=n).into_par_iter().map(digits).sum();
println!("digit sum {total}");
// %%
let best = (1..=n).into_par_iter().max_by_key(|k| (digits(*k), *k)).unwrap();
println!("best {best} with {}", digits(best));
// %%
let (odd, even): (Vec<u64>, Vec<u64>) = (1..=20).into_par_iter().partition(|k| digits(*k) % 2 == 1);
println!("{odd:?} {}", even.len());
// expect: digit sum 180001
// expect: best 9999 with 36
// expect: [1, 3, 5, 7, 9, 10, 12, 14, 16, 18] 10
