// %%
use std::sync::{Arc, Mutex};
use std::thread;

let log = Arc::new(Mutex::new(Vec::new()));
let counter = Arc::new(Mutex::new(0));
// %%
let writers: Vec<_> = (0..3)
    .map(|i| {
        let (log, counter) = (Arc::clone(&log), Arc::clone(&counter));
        thread::spawn(move || {
            for step in 1..=4 {
                log.lock().unwrap().push(format!("w{i} step {step}"));
                *counter.lock().unwrap() += step as u64;
            }
        })
    })
    .collect();
// %%
for w in writers {
    w.join().unwrap();
}
let mut lines = log.lock().unwrap().clone();
lines.sort();
println!("{}", lines.join("; "));
// %%
let total: u64 = *counter.lock().unwrap();
println!("total {total}");
// expect: w0 step 1; w0 step 2; w0 step 3; w0 step 4; w1 step 1; w1 step 2; w1 step 3; w1 step 4; w2 step 1; w2 step 2; w2 step 3; w2 step 4
// expect: total 30
