// %%
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

let done = &AtomicUsize::new(0);
let sum = &AtomicUsize::new(0);
// %%
thread::scope(|s| {
    for t in 0..4 {
        s.spawn(move || {
            for i in 0..25 {
                sum.fetch_add(t * 25 + i, Relaxed);
                done.fetch_add(1, Relaxed);
            }
        });
    }
});
// %%
println!("done {} of 100", done.load(Relaxed));
println!("sum {}", sum.load(Relaxed));
// %%
done.store(0, Relaxed);
let before = sum.swap(7, Relaxed);
println!("{before} -> {}, {}", sum.load(Relaxed), done.load(Relaxed));
// expect: done 100 of 100
// expect: sum 4950
// expect: 4950 -> 7, 0
