//! How values go from one process to another.
//!
//! | file | what it is |
//! |---|---|
//! | `packet` | messages over SOCK_SEQPACKET, with descriptors; long ones in a memfd |
//! | `codec` | values as bytes |
//! | `descriptors` | values that hold descriptors: locks, ends of pipes, shared arrays |
//! | `poll` | waiting for descriptors with a deadline |

pub(super) mod codec;
pub(super) mod descriptors;
pub(super) mod packet;
pub(super) mod poll;
