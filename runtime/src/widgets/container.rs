//! Several widgets as one.

use std::sync::Arc;

use super::Widget;
use super::field::list;
use super::model::Model;

macro_rules! container {
    ($(#[$doc:meta])* $name:ident, $view:literal) => {
        widget! { $(#[$doc])* $name }

        impl $name {
            /// These, in this order.
            #[must_use]
            pub fn new(children: &[&dyn Widget]) -> Self {
                let parts: Vec<&Arc<Model>> = children.iter().map(|child| child.model().0).collect();
                let references = list(parts.iter().map(|part| part.reference()));
                let model = Model::new(stringify!($name), $view, "children", [("children", references)]);
                parts.iter().for_each(|part| model.add_part(part));
                Self(model)
            }

            fn plain(&self) -> String {
                format!("{}({})", stringify!($name), self.0.parts_shown())
            }
        }
    };
}

container! {
    /// Widgets side by side. Python: `ipywidgets.HBox`.
    ///
    /// ```
    /// use woozle::widgets::{Button, HBox, IntSlider};
    ///
    /// let (go, speed) = (Button::new("Go"), IntSlider::new(0..=9));
    /// woozle::display!(HBox::new(&[&go, &speed]));
    /// ```
    HBox, "HBoxView"
}

container! {
    /// Widgets one below the other. Python: `ipywidgets.VBox`.
    ///
    /// ```
    /// use woozle::widgets::{Label, VBox};
    ///
    /// let (above, below) = (Label::new("above"), Label::new("below"));
    /// woozle::display!(VBox::new(&[&above, &below]));
    /// ```
    VBox, "VBoxView"
}
