//! Numbers: sliders and progress bars.

use std::ops::RangeInclusive;

use miniserde::json::Value;

use super::button::Style;
use super::field::{Field, text};
use super::model::Model;

/// A number between two others.
trait Bounded: Field + Copy + PartialOrd {
    /// The nearest one in the range; of what is no number, the range's start.
    fn within(self, low: Self, high: Self) -> Self;
}

impl Bounded for i64 {
    fn within(self, low: Self, high: Self) -> Self {
        self.min(high).max(low)
    }
}

impl Bounded for f64 {
    fn within(self, low: Self, high: Self) -> Self {
        self.min(high).max(low)
    }
}

/// The numbers of a widget, which may be changed from several sides.
impl Model {
    fn number<T: Bounded + Default>(&self, key: &str) -> T {
        self.get(key).unwrap_or_default()
    }

    fn set_number<T: Bounded + Default>(self: &std::sync::Arc<Self>, value: T) {
        let (low, high) = (self.number("min"), self.number("max"));
        self.set("value", value.within(low, high).to_value());
    }

    fn set_bounds<T: Bounded + Default>(self: &std::sync::Arc<Self>, low: T, high: T) {
        self.set("min", low.to_value());
        self.set("max", high.to_value());
        self.set_number(self.number::<T>("value"));
    }
}

fn bounds<T: Copy + PartialOrd>(range: &RangeInclusive<T>) -> (T, T) {
    let (a, b) = (*range.start(), *range.end());
    if b < a { (b, a) } else { (a, b) }
}

macro_rules! slider {
    ($(#[$doc:meta])* $name:ident, $number:ty, $ipy:literal, $view:literal, $step:expr) => {
        widget! { $(#[$doc])* $name }
        described!($name);
        input!($name);
        observed!($name, $number);

        impl $name {
            /// A slider over this range; it begins at its start.
            #[must_use]
            pub fn new(range: RangeInclusive<$number>) -> Self {
                let (low, high) = bounds(&range);
                Self(Model::new($ipy, $view, "value", [
                    ("value", low.to_value()),
                    ("min", low.to_value()),
                    ("max", high.to_value()),
                    ("step", <$number as Field>::to_value($step)),
                    ("description", text("")),
                    ("disabled", Value::Bool(false)),
                ]))
            }

            /// Where it stands.
            #[must_use]
            pub fn value(&self) -> $number {
                self.0.number("value")
            }

            /// Moves it, as far as its range goes.
            pub fn set_value(&self, value: $number) {
                self.0.set_number(value);
            }

            /// At this value, as far as the range goes.
            #[must_use]
            pub fn with_value(self, value: $number) -> Self {
                self.set_value(value);
                self
            }

            /// By how much a user can move it.
            #[must_use]
            pub fn with_step(self, step: $number) -> Self {
                self.0.set("step", step.to_value());
                self
            }

            /// Gives it another range; a value beyond it is moved to the nearest one.
            pub fn set_range(&self, range: RangeInclusive<$number>) {
                let (low, high) = bounds(&range);
                self.0.set_bounds(low, high);
            }

            fn plain(&self) -> String {
                format!("{self:?}")
            }
        }
    };
}

slider! {
    /// A slider over whole numbers. Python: `ipywidgets.IntSlider`.
    ///
    /// ```
    /// use woozle::widgets::IntSlider;
    ///
    /// let threads = IntSlider::new(1..=16).with_value(4).with_description("threads");
    /// threads.on_change(|n| woozle::println!("{n} threads"));
    /// threads.set_value(100);
    /// assert_eq!(threads.value(), 16);
    /// ```
    IntSlider, i64, "IntSlider", "IntSliderView", 1
}

slider! {
    /// A slider over numbers. Python: `ipywidgets.FloatSlider`.
    ///
    /// ```
    /// use woozle::widgets::FloatSlider;
    ///
    /// let speed = FloatSlider::new(0.0..=1.0).with_step(0.01).with_value(0.5);
    /// assert_eq!(speed.value(), 0.5);
    /// ```
    FloatSlider, f64, "FloatSlider", "FloatSliderView", 0.1
}

macro_rules! progress {
    ($(#[$doc:meta])* $name:ident, $number:ty, $zero:literal, $ipy:literal) => {
        widget! { $(#[$doc])* $name }
        described!($name);

        impl $name {
            /// A bar from 0 to this.
            #[must_use]
            pub fn new(max: $number) -> Self {
                let (low, high) = bounds(&($zero..=max));
                Self(Model::new($ipy, "ProgressView", "value", [
                    ("value", low.to_value()),
                    ("min", low.to_value()),
                    ("max", high.to_value()),
                    ("bar_style", text("")),
                    ("description", text("")),
                ]))
            }

            /// How far it is.
            #[must_use]
            pub fn value(&self) -> $number {
                self.0.number("value")
            }

            /// How far it goes.
            #[must_use]
            pub fn max(&self) -> $number {
                self.0.number("max")
            }

            /// Fills it as far as this.
            pub fn set_value(&self, value: $number) {
                self.0.set_number(value);
            }

            /// Fills it further, in one step: threads can share a bar.
            pub fn inc(&self, by: $number) {
                let (low, high) = (self.0.number("min"), self.max());
                self.0.change("value", |now| {
                    let now = now.and_then(<$number>::of_value).unwrap_or($zero);
                    (now + by).within(low, high).to_value()
                });
            }

            /// Sets its colour.
            pub fn set_style(&self, style: Style) {
                self.0.set("bar_style", text(style.for_bar()));
            }

            fn plain(&self) -> String {
                format!("{self:?} of {}", self.max())
            }
        }
    };
}

progress! {
    /// A bar that fills, by whole steps. Python: `ipywidgets.IntProgress`.
    ///
    /// ```
    /// use woozle::widgets::{IntProgress, Style};
    ///
    /// let bar = IntProgress::new(3).with_description("hunting");
    /// woozle::display!(bar);
    /// for _ in 0..3 {
    ///     bar.inc(1);
    /// }
    /// bar.set_style(Style::Success);
    /// assert_eq!(bar.value(), bar.max());
    /// ```
    IntProgress, i64, 0, "IntProgress"
}

progress! {
    /// A bar that fills. Python: `ipywidgets.FloatProgress`.
    ///
    /// ```
    /// use woozle::widgets::FloatProgress;
    ///
    /// let bar = FloatProgress::new(1.0);
    /// bar.set_value(0.25);
    /// assert_eq!(bar.value(), 0.25);
    /// ```
    FloatProgress, f64, 0.0, "FloatProgress"
}
