//! Queues that hand items from thread to thread, under the names of Python's `queue`.
//!
//! [`Queue`], [`LifoQueue`] and [`PriorityQueue`] differ only in the order in which items come out:
//! what they do is described at [`BlockingQueue`]. [`SimpleQueue`] does less, and cannot fail.
//!
//! A clone is another handle of the same queue, and the constructors are `const`, as for
//! [`threading`](crate::threading). Channels of std and crossbeam work beside these; they close when
//! one side is dropped, while these stay open until they are [shut down](BlockingQueue::shutdown).
//!
//! ```
//! use woozle::queue::Queue;
//! use woozle::threading::Thread;
//!
//! static ORDERS: Queue<u32> = Queue::with_maxsize(2);
//!
//! let worker = Thread::spawn(|| {
//!     let mut sum = 0;
//!     for order in ORDERS.iter() {
//!         sum += order;
//!     }
//!     sum
//! });
//! for order in 1..=4 {
//!     ORDERS.put(order)?;
//! }
//! ORDERS.shutdown();
//! assert_eq!(worker.join()?, 10);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod blocking;
mod error;
mod kinds;
mod simple;
mod store;
#[cfg(all(test, not(shuttle)))]
mod tests;

pub use blocking::{BlockingQueue, Iter};
pub use error::{Empty, GetError, PutError, TaskDoneError};
pub use kinds::{LifoQueue, PriorityQueue, Queue};
pub use simple::SimpleQueue;
pub use store::{Fifo, Lifo, Smallest, Store};
