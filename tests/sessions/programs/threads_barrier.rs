// %%
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

let barrier = Arc::new(Barrier::new(4));
let order = Arc::new(Mutex::new(Vec::new()));
// %%
let team: Vec<_> = (0..3)
    .map(|i| {
        let (b, order) = (barrier.clone(), order.clone());
        thread::spawn(move || {
            order.lock().unwrap().push(("before", i));
            let first = b.wait().is_leader();
            order.lock().unwrap().push(("after", i));
            first as u32 + b.wait().is_leader() as u32
        })
    })
    .collect();
// %%
let mut leaders = barrier.wait().is_leader() as u32;
println!("all are there");
leaders += barrier.wait().is_leader() as u32;
// %%
for t in team {
    leaders += t.join().unwrap();
}
let seen = order.lock().unwrap();
println!("leaders {leaders}, {}", seen[..3].iter().all(|s| s.0 == "before"));
println!("{}", seen.len());
// expect: all are there
// expect: leaders 2, true
// expect: 6
