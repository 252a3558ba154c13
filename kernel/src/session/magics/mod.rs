//! What magics show of a cell.
//!
//! | magic | module |
//! |---|---|
//! | `%%time`, and `:timing` | [`timing`] |
//! | `%%bench` | [`bench`] |
//! | `%%timeline` | [`timeline`] |
//! | `%%explore`, which runs it as a program of its own | [`explore`] |

pub(crate) mod bench;
pub(crate) mod explore;
pub(crate) mod timeline;
pub(crate) mod timing;
