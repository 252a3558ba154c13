// %%
use std::sync::mpsc;
use std::thread;

let chan = mpsc::channel::<u32>();
// %%
let t = thread::spawn(move || {
    for n in [4, 5, 6] {
        chan.0.send(n * n).unwrap();
    }
});
// %%
let first = chan.1.recv().unwrap();
println!("first {first}");
t.join().unwrap();
// %%
let rest: Vec<u32> = chan.1.iter().collect();
println!("rest {rest:?}");
// expect: first 16
// expect: rest [25, 36]
