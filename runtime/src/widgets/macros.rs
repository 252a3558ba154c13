//! What all widgets have, written once.

/// Makes a type of a model, and of what else it consists of, with what all of them have.
macro_rules! widget {
    ($(#[$doc:meta])* $name:ident $(, $more:ty)*) => {
        $(#[$doc])*
        ///
        /// A clone is the same widget.
        #[derive(Clone)]
        pub struct $name(std::sync::Arc<$crate::widgets::model::Model> $(, $more)*);

        impl $name {
            /// The name by which front ends know it.
            #[must_use]
            pub fn id(&self) -> &str {
                self.0.id()
            }

            /// With a property of CSS, such as `width` or `margin`. Python: `layout=Layout(width="80%")`.
            #[must_use]
            pub fn with_layout(self, property: &str, value: &str) -> Self {
                self.set_layout(property, value);
                self
            }

            /// Sets a property of CSS. Python: `w.layout.width = "80%"`.
            pub fn set_layout(&self, property: &str, value: &str) {
                self.0.set_layout(property, value);
            }

            /// Takes it out of the page. Its value is still there, and it can be shown again.
            pub fn close(&self) {
                self.0.close();
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", self.0.name(), self.0.shown().unwrap_or_default())
            }
        }

        impl $crate::display::Show for $name {
            fn mime_bundle(&self) -> $crate::display::MimeBundle {
                self.0.view(self.plain())
            }
        }

        impl $crate::widgets::Widget for $name {}

        impl $crate::widgets::widget::HasModel for $name {
            fn model(&self) -> $crate::widgets::widget::Handle<'_> {
                $crate::widgets::widget::Handle(&self.0)
            }
        }
    };
}

/// Adds a property that has a getter, a setter and a builder.
macro_rules! property {
    ($name:ident, $key:literal, $(#[$doc:meta])* $get:ident, $set:ident, $with:ident) => {
        impl $name {
            $(#[$doc])*
            #[must_use]
            pub fn $get(&self) -> String {
                self.0.get($key).unwrap_or_default()
            }

            $(#[$doc])*
            pub fn $set(&self, text: impl Into<String>) {
                self.0.set($key, $crate::widgets::field::text(text));
            }

            $(#[$doc])*
            #[must_use]
            pub fn $with(self, text: impl Into<String>) -> Self {
                self.$set(text);
                self
            }
        }
    };
}

/// Adds the text beside a widget.
macro_rules! described {
    ($($name:ident),+) => { $(
        property! {
            $name, "description",
            /// The text beside it.
            description, set_description, with_description
        }
    )+ };
}

/// Adds what a user can be kept from.
macro_rules! input {
    ($($name:ident),+) => { $(
        impl $name {
            /// Whether a user can change it.
            #[must_use]
            pub fn is_enabled(&self) -> bool {
                !self.0.get::<bool>("disabled").unwrap_or_default()
            }

            /// Lets a user change it, or not.
            pub fn set_enabled(&self, enabled: bool) {
                self.0.set("disabled", miniserde::json::Value::Bool(!enabled));
            }
        }
    )+ };
}

/// Adds a callback for changes of the value.
macro_rules! observed {
    ($name:ident, $value:ty) => {
        impl $crate::widgets::interact::Input for $name {
            type Value = $value;

            fn now(&self) -> $value {
                self.value()
            }

            fn watch(&self, call: std::sync::Arc<dyn Fn() + Send + Sync>) {
                self.on_change(move |_| call());
            }
        }

        impl $name {
            /// Has a function called with the new value when the user, or a cell, has changed it. Python: `observe`.
            ///
            /// The function runs on a thread of the runtime. What it prints goes to the cell that calls this.
            pub fn on_change(&self, call: impl Fn($value) + Send + Sync + 'static) {
                let model = std::sync::Arc::downgrade(&self.0);
                self.0
                    .watch($crate::widgets::model::Event::Changed, move || {
                        if let Some(model) = model.upgrade() {
                            call($name(model).value());
                        }
                    });
            }
        }
    };
}
