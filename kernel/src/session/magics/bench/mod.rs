//! What `%%bench` shows: statistics of the measurements, in words and as a picture.

mod plot;
mod statistics;
mod summary;

pub(crate) use summary::bundle;
