// %%
use woozle::concurrent::{ReturnWhen, ThreadPoolExecutor, as_completed, wait};
use woozle::threading::Event;

let pool = ThreadPoolExecutor::new(2);
let gate = Event::new();
let inner = gate.clone();
let slow = pool.submit(move || { inner.wait(); 100 });
let quick = pool.submit(|| 1);
// %%
let both = [slow, quick];
let split = wait(&both, ReturnWhen::FirstCompleted);
println!("{} done, {} not", split.done.len(), split.not_done.len());
// %%
let mut order = as_completed(&both);
let first = order.next().unwrap().result()?;
println!("first {first}");
// %%
gate.set();
let rest: Vec<i32> = order.map(|f| f.result().unwrap()).collect();
println!("rest {rest:?}");
// %%
println!("{}", both.iter().all(|f| f.done()));
// expect: 1 done, 1 not
// expect: first 1
// expect: rest [100]
// expect: true
