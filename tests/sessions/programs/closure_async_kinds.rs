// %%
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
fn block<F: Future>(f: F) -> F::Output {
    let mut f = pin!(f);
    loop { if let Poll::Ready(v) = f.as_mut().poll(&mut Context::from_waker(Waker::noop())) { return v; } }
}
fn make(n: u32) -> impl AsyncFn(u32) -> u32 { async move |m| n + m }
async fn twice(f: impl AsyncFn(u32) -> u32) -> u32 { f(1).await + f(2).await }
// %%
let made = make(5);
// %%
println!("{} {}", block(made(1)), block(twice(&made)));
// %%
let once = { let v = vec![1]; async move || v };
// %%
println!("{:?}", block(once()));
// %%
let list = vec![async |n: u32| n + 1];
let pair = (1, async |s: &str| s.len());
// %%
println!("{} {}", block(list[0](3)), block((pair.1)("four")));
// %%
let mut log: Vec<String> = Vec::new();
// %%
let mut note = async |s: &str| { log.push(s.to_string()); log.len() };
// %%
block(note("a"));
println!("{}", block(note("b")));
// %%
println!("{log:?}");
// expect: 6 13
// expect: [1]
// expect: 4 4
// expect: 2
// expect: ["a", "b"]
