// %%
use std::cell::UnsafeCell;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering::{Acquire, Release}};

struct SpinLock<T> { locked: AtomicBool, value: UnsafeCell<T> }
unsafe impl<T: Send> Sync for SpinLock<T> {}
struct Guard<'a, T>(&'a SpinLock<T>);
// %%
impl<T> SpinLock<T> {
    const fn new(value: T) -> Self { Self { locked: AtomicBool::new(false), value: UnsafeCell::new(value) } }
    fn lock(&self) -> Guard<'_, T> {
        while self.locked.swap(true, Acquire) { std::thread::yield_now(); }
        Guard(self)
    }
}
impl<T> Deref for Guard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T { unsafe { &*self.0.value.get() } }
}
impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T { unsafe { &mut *self.0.value.get() } }
}
impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) { self.0.locked.store(false, Release); }
}
// %%
let x = SpinLock::new(Vec::new());
std::thread::scope(|s| {
    s.spawn(|| x.lock().push(1));
    s.spawn(|| { let mut g = x.lock(); g.push(2); g.push(2); });
});
// %%
let g = x.lock();
println!("{}", g.as_slice() == [1, 2, 2] || g.as_slice() == [2, 2, 1]);
// %%
println!("held {}", x.locked.load(Acquire));
drop(g);
println!("held {}", x.locked.load(Acquire));
// expect: true
// expect: held true
// expect: held false
