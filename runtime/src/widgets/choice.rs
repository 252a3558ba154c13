//! What can be chosen.

use miniserde::json::Value;

use super::field::{Field as _, list, text};
use super::model::Model;

widget! {
    /// A box to tick. Python: `ipywidgets.Checkbox`.
    ///
    /// ```
    /// let fast = woozle::widgets::Checkbox::new("fast").with_value(true);
    /// assert!(fast.value());
    /// ```
    Checkbox
}
described!(Checkbox);
input!(Checkbox);
observed!(Checkbox, bool);

impl Checkbox {
    /// A box that is not ticked, with this text.
    #[must_use]
    pub fn new(description: impl Into<String>) -> Self {
        let values = [
            ("value", Value::Bool(false)),
            ("description", text(description)),
            ("disabled", Value::Bool(false)),
            ("indent", Value::Bool(false)),
        ];
        Self(Model::new("Checkbox", "CheckboxView", "value", values))
    }

    /// Whether it is ticked.
    #[must_use]
    pub fn value(&self) -> bool {
        self.0.get("value").unwrap_or_default()
    }

    /// Ticks it, or not.
    pub fn set_value(&self, value: bool) {
        self.0.set("value", value.to_value());
    }

    /// Ticked, or not.
    #[must_use]
    pub fn with_value(self, value: bool) -> Self {
        self.set_value(value);
        self
    }

    fn plain(&self) -> String {
        let mark = if self.value() { 'x' } else { ' ' };
        format!("[{mark}] {}", self.description())
    }
}

widget! {
    /// One of several texts. Python: `ipywidgets.Dropdown`.
    ///
    /// ```
    /// use woozle::widgets::Dropdown;
    ///
    /// let animal = Dropdown::new(["Woozle", "Wuzzle"]).with_description("track");
    /// assert_eq!(animal.value(), "Woozle");
    /// animal.set_index(1);
    /// assert_eq!(animal.value(), "Wuzzle");
    /// ```
    Dropdown
}
described!(Dropdown);
input!(Dropdown);
observed!(Dropdown, String);

impl Dropdown {
    /// A choice of these; the first one is chosen.
    #[must_use]
    pub fn new<T: Into<String>>(options: impl IntoIterator<Item = T>) -> Self {
        let values = [
            ("index", 0_i64.to_value()),
            ("_options_labels", list(options.into_iter().map(text))),
            ("description", text("")),
            ("disabled", Value::Bool(false)),
        ];
        Self(Model::new("Dropdown", "DropdownView", "index", values))
    }

    /// The place of the chosen one, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        let index: i64 = self.0.get("index").unwrap_or_default();
        index.try_into().unwrap_or_default()
    }

    /// Chooses by place; the last one if there are not so many.
    pub fn set_index(&self, index: usize) {
        let last = self.options().len().saturating_sub(1);
        self.0.set("index", (index.min(last) as i64).to_value());
    }

    /// The chosen one; empty if there is none.
    #[must_use]
    pub fn value(&self) -> String {
        let mut options = self.options().into_iter();
        options.nth(self.index()).unwrap_or_default()
    }

    fn options(&self) -> Vec<String> {
        self.0.get("_options_labels").unwrap_or_default()
    }

    fn plain(&self) -> String {
        format!("{}: {}", self.description(), self.value())
    }
}
