//! Pipes between processes, under the names of Python's `multiprocessing.connection`.
//!
//! | Python | Woozle |
//! | --- | --- |
//! | `Pipe()`, `Pipe(duplex=False)` | [`pipe`], [`one_way_pipe`]; [`Connection::pair`] for two types |
//! | `Connection` | [`Connection`] |
//! | `send`, `recv`, `send_bytes`, `recv_bytes_into`, `fileno`, `close`, `closed`, `readable`, `writable` | the methods of that name |
//! | `recv_bytes(maxlength)`, `poll()`, `poll(timeout)` | [`recv_bytes_max`](Connection::recv_bytes_max), [`poll`](Connection::poll), [`poll_timeout`](Connection::poll_timeout) |
//! | `wait(objects)`, `wait(objects, timeout)` | [`wait`], [`wait_timeout`] |
//! | `EOFError`, `BrokenPipeError`, `OSError`, `BufferTooShort`, `AuthenticationError` | the cases of [`ConnectionError`] |

mod bytes;
mod ends;
mod error;
mod wait;

pub use ends::{Connection, one_way_pipe, pipe};
pub use error::ConnectionError;
pub(super) use wait::{Held, Hold};
pub use wait::{Waitable, wait, wait_timeout};
