// %%
use std::cmp::Reverse;
use woozle::queue::{LifoQueue, PriorityQueue, SimpleQueue};

let tasks = PriorityQueue::new();
let undo = LifoQueue::with_maxsize(2);
let plain = SimpleQueue::new();
// %%
for (p, name) in [(3, "sweep"), (1, "cook"), (2, "shop")] {
    tasks.put((Reverse(p), name))?;
}
undo.put("first")?;
undo.put("second")?;
let refused = undo.put_nowait("third").is_err();
// %%
println!("{} {refused}", tasks.get()?.1);
println!("{:?} {:?}", undo.get()?, undo.get()?);
plain.put(2.5);
// %%
println!("{} {}", plain.get() * 2.0, plain.empty());
tasks.shutdown();
println!("{:?}", tasks.iter().map(|t| t.1).collect::<Vec<_>>());
// expect: sweep true
// expect: "second" "first"
// expect: 5 true
// expect: ["shop", "cook"]
