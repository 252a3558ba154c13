//! The promises of `threading`, type by type; those that several types share are tables of cases.

mod barriers;
mod conditions;
mod events;
mod locals;
mod locks;
mod registry;
mod semaphores;
mod threads;
