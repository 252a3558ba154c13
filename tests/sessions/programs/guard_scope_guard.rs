// %%
use std::sync::{Mutex, RwLock};
use std::thread;

let names = RwLock::new(vec!["a", "b", "c", "d"]);
let result = Mutex::new(Vec::new());
let list = names.read().unwrap();
// %%
thread::scope(|s| {
    for part in list.chunks(2) {
        let result = &result;
        s.spawn(move || result.lock().unwrap().push(part.concat()));
    }
});
// %%
let mut sorted = result.lock().unwrap();
sorted.sort();
println!("writer must wait: {}", names.try_write().is_err());
drop(list);
// %%
names.write().unwrap().push("e");
println!("{sorted:?} locked: {}", result.try_lock().is_err());
sorted.push("!".to_string());
drop(sorted);
// %%
println!("{}", result.lock().unwrap().join("-"));
println!("{}", names.read().unwrap().len());
// expect: writer must wait: true
// expect: ["ab", "cd"] locked: true
// expect: ab-cd-!
// expect: 5
