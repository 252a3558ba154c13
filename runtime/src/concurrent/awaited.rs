//! `.await` of a future: for cells, and for code that is async.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::error::FutureError;
use super::future::Future;
use crate::sync::{Mutex, lock};

/// What `.await` of a [`Future`] waits for: its result itself, as [`Future::take_result`] gives it. Python:
/// `await asyncio.wrap_future(future)`.
///
/// ```
/// use std::future::IntoFuture;
/// use woozle::concurrent::{Future, FutureError};
///
/// async fn twice(future: Future<u32>) -> Result<u32, FutureError> {
///     Ok(2 * future.await?)
/// }
///
/// let future = Future::new();
/// let _awaited = twice(future.clone());
/// let _same = future.into_future();
/// ```
#[must_use = "nothing waits until it is awaited"]
pub struct Awaited<T> {
    future: Future<T>,
    /// Who is to be woken, once somebody has waited.
    waker: Option<Arc<Mutex<Waker>>>,
}

impl<T> IntoFuture for Future<T> {
    type Output = Result<T, FutureError>;
    type IntoFuture = Awaited<T>;

    fn into_future(self) -> Awaited<T> {
        Awaited {
            future: self,
            waker: None,
        }
    }
}

impl<T> std::future::Future for Awaited<T> {
    type Output = Result<T, FutureError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(waker) = &self.waker {
            lock(waker).clone_from(context.waker());
        } else {
            let waker = Arc::new(Mutex::new(context.waker().clone()));
            self.waker = Some(Arc::clone(&waker));
            let wake = move |_: &Future<T>| lock(&waker).wake_by_ref();
            self.future.add_done_callback(wake);
        }
        // The waker is there before this look, so whoever completes the future later wakes it.
        match self.future.done() {
            true => Poll::Ready(self.future.take_result()),
            false => Poll::Pending,
        }
    }
}

impl<T> fmt::Debug for Awaited<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<awaited {:?}>", self.future)
    }
}
