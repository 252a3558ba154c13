// %%
use std::panic;
use std::sync::{Arc, Mutex};
use std::thread;

let shared = Arc::new(Mutex::new(vec![1]));
let theirs = Arc::clone(&shared);
// %%
let doomed = thread::spawn(move || {
    let mut v = theirs.lock().unwrap();
    v.push(2);
    let what = v.len();
    panic!("no room for {what}");
});
let fine = thread::spawn(|| 42);
// %%
let err = doomed.join().unwrap_err();
println!("{:?}", err.downcast_ref::<String>());
println!("{:?}", fine.join().ok());
// %%
println!("poisoned {}", shared.is_poisoned());
let v = shared.lock().unwrap_or_else(|e| e.into_inner());
println!("{v:?}");
// %%
let caught = panic::catch_unwind(|| { let empty: [u8; 0] = []; empty.iter().max().unwrap() + 1 });
println!("caught {}", caught.is_err());
// expect: Some("no room for 2")
// expect: Some(42)
// expect: poisoned true
// expect: [1, 2]
// expect: caught true
