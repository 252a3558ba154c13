//! What all widgets have in common.

use std::sync::Arc;

use super::model::Model;
use crate::display::Show;

/// Any widget: what a [`HBox`](super::HBox) can hold.
pub trait Widget: Show + HasModel {}

/// Only this crate makes widgets.
#[doc(hidden)]
pub trait HasModel {
    #[doc(hidden)]
    fn model(&self) -> Handle<'_>;
}

#[doc(hidden)]
pub struct Handle<'a>(pub(super) &'a Arc<Model>);
