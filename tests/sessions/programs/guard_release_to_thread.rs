// %%
use std::sync::{Arc, Mutex};
use std::thread;

let cell = Arc::new(Mutex::new(1));
let mut mine = cell.lock().unwrap();
// %%
let theirs = Arc::clone(&cell);
let t = thread::spawn(move || {
    let mut v = theirs.lock().unwrap();
    *v *= 10;
    *v
});
// %%
*mine += 4;
println!("still ours: {}", *mine);
println!("thread is over: {}", t.is_finished());
// %%
drop(mine);
println!("thread made {}", t.join().unwrap());
println!("now {}", cell.lock().unwrap());
// expect: still ours: 5
// expect: thread is over: false
// expect: thread made 50
// expect: now 50
