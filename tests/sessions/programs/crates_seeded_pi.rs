// %%
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use rayon::prelude::*;

fn hits(seed: u64, n: u32) -> u32 {
    let mut rng = StdRng::seed_from_u64(seed);
    (0..n).filter(|_| { let (x, y): (f64, f64) = (rng.random(), rng.random()); x * x + y * y < 1.0 }).count() as u32
}
// %%
let seeds = 0..16;
let counts: Vec<u32> = seeds.into_par_iter().map(|s| hits(s, 2000)).collect();
// %%
let all = counts.par_iter().fold(|| 0, |a, c| a + c).reduce(|| 0, |a, b| a + b);
let pi = 4.0 * all as f64 / 32000.0;
println!("close {}", (pi - std::f64::consts::PI).abs() < 0.05);
// %%
println!("same again {}", hits(3, 2000) == counts[3]);
let mut rng = StdRng::seed_from_u64(1);
let first = rng.random_range(0..1000);
// %%
let mut other = StdRng::seed_from_u64(1);
println!("{} {}", other.random_range(0..1000) == first, rng.random_range(0..1000) == other.random_range(0..1000));
println!("{}", rng.next_u32() == other.next_u32());
// expect: close true
// expect: same again true
// expect: true true
// expect: true
