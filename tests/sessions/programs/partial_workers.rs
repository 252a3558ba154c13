// %%
use std::thread::{self, JoinHandle};

struct Worker {
    id: usize,
    name: String,
    thread: JoinHandle<usize>,
}

fn start(id: usize) -> Worker {
    Worker { id, name: format!("worker-{id}"), thread: thread::spawn(move || (1..=id).sum()) }
}
// %%
let a = start(4);
let b = start(10);
// %%
let sum = a.thread.join().unwrap();
println!("{} gave {sum}", a.name);
// %%
let handle = b.thread;
println!("{} runs as number {}", b.name, b.id);
println!("it gave {}", handle.join().unwrap());
// %%
let ids = [a.id, b.id];
let longest = if a.name.len() > b.name.len() { a.name } else { b.name };
println!("{ids:?} {longest}");
// expect: worker-4 gave 10
// expect: worker-10 runs as number 10
// expect: it gave 55
// expect: [4, 10] worker-10
