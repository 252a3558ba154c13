// %%
use woozle::multiprocessing::{Pool, PoolError};

fn root(n: i64) -> f64 {
    assert!(n >= 0, "{n} has no root");
    (n as f64).sqrt()
}
fn area(w: u32, h: u32) -> u32 { w * h }
// %%
let pool = Pool::new(2)?;
let roots = pool.map(root, vec![1, 4, 9])?;
println!("{roots:?}");
// %%
let pending = pool.apply_async(area, (6, 7));
let areas = pool.starmap(area, (1..4).map(|k| (k, k + 1)))?;
// %%
println!("{areas:?} {}", pending.get()?);
let results = pool.imap(root, [16, -1, 25]);
// %%
for r in results {
    match r {
        Ok(x) => println!("{x}"),
        Err(PoolError::Panicked(p)) => println!("{}", p.message()),
        Err(e) => println!("other {e}"),
    }
}
// expect: [1.0, 2.0, 3.0]
// expect: [2, 6, 12] 42
// expect: 4
// expect: -1 has no root
// expect: 5
