// %%
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;
use woozle::threading::{Semaphore, Thread};

static SLOTS: Semaphore = Semaphore::new(2);
let active = &AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static NOW: AtomicUsize = AtomicUsize::new(0);
// %%
fn visit() {
    let _slot = SLOTS.guard();
    PEAK.fetch_max(NOW.fetch_add(1, SeqCst) + 1, SeqCst);
    std::thread::sleep(Duration::from_millis(5));
    NOW.fetch_sub(1, SeqCst);
}
let mut guests = vec![];
// %%
for _ in 0..5 {
    guests.push(Thread::spawn(visit));
    active.fetch_add(1, SeqCst);
}
for g in &guests {
    g.join()?;
}
// %%
println!("{} guests, never over two: {}", active.load(SeqCst), PEAK.load(SeqCst) <= 2);
println!("free {}", SLOTS.value());
// expect: 5 guests, never over two: true
// expect: free 2
