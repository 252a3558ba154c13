// %%
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

let pool = ThreadPoolBuilder::new().num_threads(3).thread_name(|i| format!("p{i}")).build()?;
println!("{}", pool.current_num_threads());
// %%
let data: Vec<f64> = (1..=1000).map(f64::from).collect();
let harmonic = pool.install(|| data.par_iter().map(|x| 1.0 / x).sum::<f64>());
println!("{harmonic:.6}");
// %%
let names = pool.broadcast(|ctx| (ctx.index(), std::thread::current().name().map(String::from)));
for (i, name) in names {
    println!("{i} {}", name.unwrap_or_default());
}
// %%
let (a, b) = pool.join(|| data.len(), || data.iter().rev().step_by(250).copied().collect::<Vec<_>>());
println!("{a} {b:?}");
// expect: 3
// expect: 7.485471
// expect: 0 p0
// expect: 1 p1
// expect: 2 p2
// expect: 1000 [1000.0, 750.0, 500.0, 250.0]
