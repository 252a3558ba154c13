// %%
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
let name = String::from("moon");
// %%
let greet = async |n: u32| format!("{name} {n}");
// %%
fn block<F: Future>(f: F) -> F::Output {
    let mut f = pin!(f);
    loop { if let Poll::Ready(v) = f.as_mut().poll(&mut Context::from_waker(Waker::noop())) { return v; } }
}
// %%
println!("{}", block(greet(1)));
println!("{}", block(greet(2)));
// expect: moon 1
// expect: moon 2
