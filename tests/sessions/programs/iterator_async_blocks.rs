// %%
use std::future::Future; use std::pin::Pin; use std::task::{Context, Poll, Waker};
struct Ticks(u32);
impl Future for Ticks { type Output = u32; fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> { self.0 += 1; if self.0 < 3 { cx.waker().wake_by_ref(); Poll::Pending } else { Poll::Ready(self.0) } } }
async fn chain(n: u32) -> u32 { let a = Ticks(n).await; let b = Ticks(0).await; a + b }
fn boxed(n: u32) -> Pin<Box<dyn Future<Output = u32>>> { Box::pin(chain(n)) }
fn opaque(n: u32) -> impl Future<Output = u32> + Send { async move { chain(n).await + 1 } }
async fn name(s: &str) -> String { format!("<{s}>") }
// %%
let mut f = Box::pin(chain(0));
let g = opaque(1);
let fs = [opaque(1), opaque(2)];
let who = String::from("me");
let h = name(&who);
let map: Vec<_> = (0..3).map(chain).collect();
// %%
let mut cx = Context::from_waker(Waker::noop());
println!("{:?}", f.as_mut().poll(&mut cx).is_pending());
// %%
println!("{} {} {}", f.await, g.await, h.await);
for x in fs { print!("{} ", x.await); }
for x in map { print!("{} ", x.await); }
println!("{}", boxed(2).await);
// %%
let work = async { let x = chain(1).await; x * 2 };
// %%
println!("{}", work.await);
// %%
// expect: true
// expect: 6 7 <me>
// expect: 7 7 6 6 6 6
// expect: 12
