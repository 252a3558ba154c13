//! What magics show of a cell.
//!
//! | magic | module |
//! |---|---|
//! | `%%time`, and `:timing` | [`timing`] |
//! | `%%bench` | [`bench`] |
//! | `%%timeline` | [`timeline`] |

pub(crate) mod bench;
pub(crate) mod timeline;
pub(crate) mod timing;
