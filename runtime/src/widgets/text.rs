//! Text: to be typed, and to be shown.

use miniserde::json::Value;

use super::field::text;
use super::model::{Event, Model};

macro_rules! typed {
    ($(#[$doc:meta])* $name:ident, $view:literal) => {
        widget! { $(#[$doc])* $name }
        described!($name);
        input!($name);
        observed!($name, String);
        property! {
            $name, "value",
            /// What stands in it.
            value, set_value, with_value
        }
        property! {
            $name, "placeholder",
            /// What stands there in gray while it is empty.
            placeholder, set_placeholder, with_placeholder
        }

        impl $name {
            /// An empty field.
            #[must_use]
            pub fn new() -> Self {
                Self(Model::new(stringify!($name), $view, "value", [
                    ("value", text("")),
                    ("placeholder", text("")),
                    ("description", text("")),
                    ("disabled", Value::Bool(false)),
                ]))
            }

            fn plain(&self) -> String {
                format!("{self:?}")
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
}

typed! {
    /// A line to type in. Python: `ipywidgets.Text`.
    ///
    /// ```
    /// use woozle::widgets::Text;
    ///
    /// let name = Text::new().with_description("name").with_placeholder("Pooh");
    /// name.on_submit(|name| woozle::println!("hello, {name}"));
    /// assert_eq!(name.value(), "");
    /// ```
    Text, "TextView"
}

impl Text {
    /// Has a function called with the text when the user presses Enter.
    pub fn on_submit(&self, call: impl Fn(String) + Send + Sync + 'static) {
        let model = std::sync::Arc::downgrade(&self.0);
        self.0.watch(Event::Custom("submit"), move || {
            if let Some(model) = model.upgrade() {
                call(Text(model).value());
            }
        });
    }
}

typed! {
    /// Lines to type in. Python: `ipywidgets.Textarea`.
    ///
    /// ```
    /// let poem = woozle::widgets::Textarea::new().with_value("tiddely pom");
    /// assert_eq!(poem.value(), "tiddely pom");
    /// ```
    Textarea, "TextareaView"
}

macro_rules! shown {
    ($(#[$doc:meta])* $name:ident, $ipy:literal, $view:literal) => {
        widget! { $(#[$doc])* $name }
        described!($name);
        property! {
            $name, "value",
            /// What it shows.
            value, set_value, with_value
        }

        impl $name {
            /// Shows this.
            #[must_use]
            pub fn new(value: impl Into<String>) -> Self {
                Self(Model::new($ipy, $view, "value", [
                    ("value", text(value)),
                    ("description", text("")),
                ]))
            }

            fn plain(&self) -> String {
                self.value()
            }
        }
    };
}

shown! {
    /// A text that cells change. Python: `ipywidgets.Label`.
    ///
    /// ```
    /// let text = woozle::widgets::Label::new("asleep");
    /// text.set_value("awake");
    /// ```
    Label, "Label", "LabelView"
}

shown! {
    /// HTML that cells change. Python: `ipywidgets.HTML`. What comes from elsewhere has to be
    /// [escaped](crate::display::escape).
    ///
    /// ```
    /// let text = woozle::widgets::Html::new("<b>asleep</b>");
    /// text.set_value("<i>awake</i>");
    /// ```
    Html, "HTML", "HTMLView"
}
