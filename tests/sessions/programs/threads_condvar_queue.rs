// %%
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

struct Queue<T> {
    items: Mutex<VecDeque<T>>,
    more: Condvar,
}

impl<T> Queue<T> {
    fn new() -> Self { Queue { items: Mutex::new(VecDeque::new()), more: Condvar::new() } }
    fn put(&self, t: T) {
        self.items.lock().unwrap().push_back(t);
        self.more.notify_one();
    }
    fn get(&self) -> T {
        let mut items = self.more.wait_while(self.items.lock().unwrap(), |i| i.is_empty()).unwrap();
        items.pop_front().unwrap()
    }
}
// %%
let queue = Arc::new(Queue::new());
let consumer = {
    let queue = queue.clone();
    thread::spawn(move || {
        let mut sum = 0;
        while let Some(n) = queue.get() {
            sum += n;
        }
        sum
    })
};
// %%
for n in [10u64, 20, 30] {
    queue.put(Some(n));
}
println!("put three");
// %%
queue.put(Some(4));
queue.put(None);
println!("sum {}", consumer.join().unwrap());
// expect: put three
// expect: sum 64
