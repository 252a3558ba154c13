//! A function that runs again whenever a widget is moved.

use std::sync::Arc;

use super::{Output, VBox, Widget};

/// A widget with a value that a user changes.
pub trait Input: Widget + Clone + Send + Sync + 'static {
    /// Its value's type.
    type Value;

    /// The value.
    fn now(&self) -> Self::Value;

    #[doc(hidden)]
    fn watch(&self, call: Arc<dyn Fn() + Send + Sync>);
}

/// One widget, or a tuple of several: what [`interact`] takes.
pub trait Inputs: Clone + Send + Sync + 'static {
    /// What the function gets: the value of one, or a tuple of them.
    type Values;

    /// The values.
    fn now(&self) -> Self::Values;

    #[doc(hidden)]
    fn watch(&self, call: &Arc<dyn Fn() + Send + Sync>);

    #[doc(hidden)]
    fn widgets(&self) -> Vec<&dyn Widget>;
}

impl<I: Input> Inputs for I {
    type Values = I::Value;

    fn now(&self) -> I::Value {
        Input::now(self)
    }

    fn watch(&self, call: &Arc<dyn Fn() + Send + Sync>) {
        Input::watch(self, Arc::clone(call));
    }

    fn widgets(&self) -> Vec<&dyn Widget> {
        vec![self]
    }
}

macro_rules! tuple {
    ($($name:ident $place:tt),+) => {
        impl<$($name: Input),+> Inputs for ($($name,)+) {
            type Values = ($($name::Value,)+);

            fn now(&self) -> Self::Values {
                ($(Input::now(&self.$place),)+)
            }

            fn watch(&self, call: &Arc<dyn Fn() + Send + Sync>) {
                $(Input::watch(&self.$place, Arc::clone(call));)+
            }

            fn widgets(&self) -> Vec<&dyn Widget> {
                vec![$(&self.$place),+]
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);

/// Calls a function now, and again whenever one of these widgets is moved. What it prints and displays stands below
/// them, in the place of what stood there before. Python: `ipywidgets.interact`.
///
/// What it gives is to be shown, as a cell's last expression for instance. A hand that is faster than the function is
/// followed with the newest values.
///
/// ```
/// use woozle::widgets::{Checkbox, IntSlider, interact};
///
/// let (n, loud) = (IntSlider::new(1..=9), Checkbox::new("loud"));
/// interact((n, loud), |(n, loud)| {
///     let mark = if loud { "!" } else { "" };
///     woozle::println!("{}{mark}", "pooh ".repeat(n as usize));
/// })
/// # ;
/// ```
pub fn interact<I: Inputs>(
    inputs: I,
    function: impl Fn(I::Values) + Send + Sync + 'static,
) -> VBox {
    let output = Output::new();
    let mut parts = inputs.widgets();
    parts.push(&output);
    let whole = VBox::new(&parts);
    let run = {
        let (inputs, output) = (inputs.clone(), output.clone());
        move || output.replace(|| function(inputs.now()))
    };
    run();
    inputs.watch(&(Arc::new(run) as Arc<dyn Fn() + Send + Sync>));
    whole
}
