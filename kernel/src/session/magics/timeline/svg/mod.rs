//! The picture: a lane for each thread, arrows from who woke to who was woken.
//!
//! It has no scripts. What is narrower than can be seen is drawn together, so that its size has a bound.
//!
//! | part | module |
//! |---|---|
//! | the whole | [`drawing`] |
//! | what a lane's segments are drawn as | [`bars`] |
//! | what the colours mean | [`legend`] |
//! | lengths and colours | [`look`], and `timeline.css` |

mod bars;
mod drawing;
mod legend;
mod look;

pub(super) use drawing::Drawing;
pub(super) use look::escaped;
