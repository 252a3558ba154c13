//! What may happen to a session: crashes, kills, interrupts, limits, odd folders; and what is left of it then.

mod bad_start;
mod checkpoints;
mod crashes;
pub(crate) mod faults;
mod folders;
mod going_back;
mod interrupt;
mod lifecycle;
mod limits;
mod loader_lock;
mod threads;
mod timeline;
mod tools;
