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
//!
//! | Python | Woozle |
//! | --- | --- |
//! | `Queue(n)`, `LifoQueue(n)`, `PriorityQueue(n)` | `with_maxsize(n)` of the types of that name; `new()` has no bound |
//! | `put`, `put_nowait`, `put(timeout=t)` | `put`, `put_nowait`, `put_timeout`: the item comes back in a [`PutError`] |
//! | `get`, `get_nowait`, `get(timeout=t)` | `get`, `get_nowait`, `get_timeout`: [`GetError`] |
//! | `qsize`, `empty`, `full`, `maxsize`, `task_done`, `join` | the methods of that name |
//! | `shutdown()`, `shutdown(immediate=True)`, `is_shutdown` | `shutdown`, `shutdown_now`, `is_shutdown` |
//! | `queue.Empty`, `queue.Full`, `queue.ShutDown` | the variants of [`GetError`] and [`PutError`]; [`Empty`] of a [`SimpleQueue`] |
//! | a subclass with `_put`, `_get` | [`Store`] |
//! | `SimpleQueue` | [`SimpleQueue`] |

mod blocking;
mod error;
mod kinds;
mod raw;
mod simple;
mod store;
#[cfg(test)]
mod tests;

pub use blocking::{BlockingQueue, Iter};
pub use error::{Empty, GetError, PutError, TaskDoneError};
pub use kinds::{LifoQueue, PriorityQueue, Queue};
pub use simple::SimpleQueue;
pub use store::{Fifo, Lifo, Smallest, Store};
