// %%
use std::sync::{Arc, Mutex, mpsc, RwLock, Condvar};
use std::thread;
trait Task: Send { fn run(&mut self) -> u32; }
struct Job<F: FnMut() -> u32 + Send>(F);
impl<F: FnMut() -> u32 + Send> Task for Job<F> { fn run(&mut self) -> u32 { (self.0)() } }
fn job(n: u32) -> Job<impl FnMut() -> u32 + Send> { let mut k = n; Job(move || { k += 1; k }) }
fn tasks() -> Vec<Box<dyn Task>> { vec![Box::new(job(1)), Box::new(job(10))] }
// %%
let mut j = job(5);
let mut all = tasks();
let (tx, rx) = mpsc::channel();
// %%
println!("{} {}", j.run(), all[1].run());
let h = thread::spawn(move || { for t in &mut all { tx.send(t.run()).unwrap(); } });
// %%
h.join().unwrap();
println!("{:?} {}", rx.iter().collect::<Vec<u32>>(), j.run());
// %%
let pair = Arc::new((Mutex::new(false), Condvar::new()));
let waiter = { let pair = Arc::clone(&pair); thread::spawn(move || { let (m, c) = &*pair; let mut ok = m.lock().unwrap(); while !*ok { ok = c.wait(ok).unwrap(); } "woken" }) };
let (m, c) = &*pair;
// %%
*m.lock().unwrap() = true;
c.notify_all();
println!("{}", waiter.join().unwrap());
// %%
let table = RwLock::new(vec![1, 2]);
let r1 = table.read().unwrap();
let r2 = table.read().unwrap();
// %%
println!("{} {}", r1.len(), r2[0]);
drop((r1, r2));
table.write().unwrap().push(3);
println!("{:?}", table.read().unwrap());
// %%
let handlers: Vec<(String, Box<dyn Fn(&str) -> String + Send + Sync>)> = vec![("up".into(), Box::new(|s| s.to_uppercase())), ("twice".into(), Box::new(|s| s.repeat(2)))];
let handlers = Arc::new(handlers);
// %%
let hs: Vec<_> = (0..2).map(|i| { let h = handlers.clone(); thread::spawn(move || h[i].1("ab")) }).collect();
for h in hs { println!("{}", h.join().unwrap()); }
// %%
// %%
// expect: 6 11
// expect: [2, 12] 7
// expect: woken
// expect: 2 1
// expect: [1, 2, 3]
// expect: AB
// expect: abab
