// %%
use std::sync::RwLock;

let table = RwLock::new([3, 1, 2]);
let r1 = table.read().unwrap();
let r2 = table.read().unwrap();
// %%
println!("{} and {}", r1[0], r2.len());
println!("a writer waits: {}", table.try_write().is_err());
println!("a third reader may: {}", table.try_read().is_ok());
// %%
drop(r1);
println!("one left, writer waits: {}", table.try_write().is_err());
drop(r2);
// %%
let mut w = table.write().unwrap();
w.sort();
// %%
println!("readers wait: {}", table.try_read().is_err());
println!("{:?}", *w);
drop(w);
println!("{:?}", table.read().unwrap());
// expect: 3 and 3
// expect: a writer waits: true
// expect: a third reader may: true
// expect: one left, writer waits: true
// expect: readers wait: true
// expect: [1, 2, 3]
// expect: [1, 2, 3]
