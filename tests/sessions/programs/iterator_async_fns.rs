// %%
use std::future::Future;
use std::task::{Context, Poll, Waker};

async fn fetch(id: u32) -> Result<String, String> {
    if id % 3 == 0 { Err(format!("no {id}")) } else { Ok("x".repeat(id as usize)) }
}

async fn both(a: u32, b: u32) -> Result<usize, String> {
    let (x, y) = (fetch(a).await?, fetch(b).await?);
    Ok(x.len() + y.len())
}
// %%
fn now<F: Future>(f: F) -> Option<F::Output> {
    let mut f = Box::pin(f);
    match f.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(v) => Some(v),
        Poll::Pending => None,
    }
}
// %%
let good = both(2, 5);
let bad = both(1, 9);
let futures = vec![both(1, 1), both(4, 4)];
// %%
println!("{:?}", now(good));
println!("{:?}", now(bad).unwrap().unwrap_err());
// %%
for (i, f) in futures.into_iter().enumerate() {
    println!("{i}: {:?}", now(f));
}
println!("{:?}", now(std::future::pending::<()>()));
// expect: Some(Ok(7))
// expect: "no 9"
// expect: 0: Some(Ok(2))
// expect: 1: Some(Ok(8))
// expect: None
