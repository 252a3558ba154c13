//! What processes share by memory. A segment has no name, so it cannot leak: whoever is to have it gets its descriptor.
//!
//! | file | what it is |
//! |---|---|
//! | `segment` | shared memory: a memfd, mapped |
//! | `checkpointed_words` | which words in it go back with a checkpoint |
//! | `ring` | a ring of records between a pool and one worker |
//! | `number`, `value`, `array` | numbers in shared memory, with a lock |
//! | `shared_memory`, `shared_array` | memory without one: bytes, and an `ndarray` over them |

pub(super) mod array;
pub(super) mod checkpointed_words;
pub(super) mod number;
pub(super) mod ring;
pub(super) mod segment;
pub(super) mod shared_array;
pub(super) mod shared_memory;
pub(super) mod value;
