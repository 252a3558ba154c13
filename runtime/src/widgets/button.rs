//! What can be clicked, and colours that mean something.

use miniserde::json::Value;

use super::field::text;
use super::model::{Event, Model};

/// What a colour means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// Nothing.
    #[default]
    Plain,
    /// The main thing to do.
    Primary,
    /// All is well.
    Success,
    /// For information.
    Info,
    /// Take care.
    Warning,
    /// Something went wrong.
    Danger,
}

impl Style {
    pub(super) fn for_button(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Primary => "primary",
            Self::Success => "success",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    /// A bar has no colour for the main thing to do.
    pub(super) fn for_bar(self) -> &'static str {
        match self {
            Self::Primary => "info",
            other => other.for_button(),
        }
    }
}

widget! {
    /// A button. Python: `ipywidgets.Button`.
    ///
    /// ```
    /// use woozle::widgets::{Button, Style};
    ///
    /// let go = Button::new("Go").with_style(Style::Success);
    /// go.on_click(|| woozle::println!("gone"));
    /// ```
    Button
}
described!(Button);
input!(Button);

impl Button {
    /// A button with this text.
    #[must_use]
    pub fn new(description: impl Into<String>) -> Self {
        let values = [
            ("description", text(description)),
            ("button_style", text("")),
            ("disabled", Value::Bool(false)),
        ];
        Self(Model::new("Button", "ButtonView", "description", values))
    }

    /// In this colour.
    #[must_use]
    pub fn with_style(self, style: Style) -> Self {
        self.set_style(style);
        self
    }

    /// Sets its colour.
    pub fn set_style(&self, style: Style) {
        self.0.set("button_style", text(style.for_button()));
    }

    /// Has a function called at each click. It runs on a thread of the runtime, and what it prints goes to the
    /// cell that calls this.
    pub fn on_click(&self, call: impl Fn() + Send + Sync + 'static) {
        self.0.watch(Event::Custom("click"), call);
    }

    fn plain(&self) -> String {
        format!("[{}]", self.description())
    }
}
