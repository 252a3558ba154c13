// %%
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

let pair = Arc::new((Mutex::new(0), Condvar::new()));
let (lock, cv) = &*pair;
let mut count = lock.lock().unwrap();
// %%
let workers: Vec<_> = (1..=3)
    .map(|n| {
        let pair = Arc::clone(&pair);
        thread::spawn(move || {
            *pair.0.lock().unwrap() += n;
            pair.1.notify_all();
        })
    })
    .collect();
println!("nobody counts yet: {}", *count);
// %%
while *count < 6 {
    count = cv.wait(count).unwrap();
}
println!("counted {}", *count);
// %%
println!("locked {}", lock.try_lock().is_err());
drop(count);
workers.into_iter().for_each(|w| w.join().unwrap());
println!("locked {}", lock.try_lock().is_err());
// expect: nobody counts yet: 0
// expect: counted 6
// expect: locked true
// expect: locked false
