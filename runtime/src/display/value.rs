//! Which of its forms a value is shown in: the last expression of a cell, and what `display!` shows.

use std::fmt::{Debug, Display};
use std::future::Future;

use super::plain::Plain;
use super::{MimeBundle, Show};
use crate::process::output;
use crate::protocol::{Event, without_crates};

/// Picks between [`ByPlain`], [`ByDebug`], [`ByDisplay`], [`ByFuture`] and [`ByName`], in this order, by
/// method resolution: each is for one reference less than the one before.
#[doc(hidden)]
pub struct Wrap<'a, T: ?Sized>(pub &'a T);

/// For common types, whose Debug form is found faster.
#[doc(hidden)]
pub trait ByPlain {
    /// That form.
    fn text(&self) -> String;
}

impl<T: Plain + ?Sized> ByPlain for &&&&Wrap<'_, T> {
    fn text(&self) -> String {
        self.0.debug()
    }
}

/// For what has a Debug form.
#[doc(hidden)]
pub trait ByDebug {
    /// That form.
    fn text(&self) -> String;
}

impl<T: Debug + ?Sized> ByDebug for &&&Wrap<'_, T> {
    fn text(&self) -> String {
        debug(&self.0)
    }
}

/// For what has a Display form only.
#[doc(hidden)]
pub trait ByDisplay {
    /// That form.
    fn text(&self) -> String;
}

impl<T: Display + ?Sized> ByDisplay for &&Wrap<'_, T> {
    fn text(&self) -> String {
        self.0.to_string()
    }
}

/// For a future, which has neither.
#[doc(hidden)]
pub trait ByFuture {
    /// What to do with it.
    fn text(&self) -> String;
}

impl<T: Future + ?Sized> ByFuture for &Wrap<'_, T> {
    fn text(&self) -> String {
        "<a future: `.await` gives its value>".to_owned()
    }
}

/// For what has none.
#[doc(hidden)]
pub trait ByName {
    /// The type's name.
    fn text(&self) -> String;
}

impl<T: ?Sized> ByName for Wrap<'_, T> {
    fn text(&self) -> String {
        let name = std::any::type_name::<T>();
        if name.ends_with("{{closure}}") {
            "<a closure, which has no Debug form>".to_owned()
        } else {
            format!("<{}, which has no Debug form>", without_crates(name))
        }
    }
}

/// Picks between [`ByShow`] and [`NoShow`].
#[doc(hidden)]
pub trait ByShow {
    /// The value's formats.
    fn bundle(&self) -> Option<MimeBundle>;
}

impl<T: Show + ?Sized> ByShow for Wrap<'_, T> {
    fn bundle(&self) -> Option<MimeBundle> {
        Some(self.0.mime_bundle())
    }
}

/// For what is not [`Show`].
#[doc(hidden)]
pub trait NoShow {
    /// Nothing.
    fn bundle(&self) -> Option<MimeBundle>;
}

impl<T: ?Sized> NoShow for &Wrap<'_, T> {
    fn bundle(&self) -> Option<MimeBundle> {
        None
    }
}

fn debug(value: &dyn Debug) -> String {
    format!("{value:?}")
}

/// How to get at each form that a value may have. All that is generic of showing a value is in these three,
/// since generic code is compiled again in every cell.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Forms<'a> {
    /// By its `Show`.
    pub bundle: &'a dyn Fn() -> Option<MimeBundle>,
    /// By its `evcxr_display`: whether it has one, which prints it then.
    pub rich: &'a dyn Fn() -> bool,
    /// In its Debug form.
    pub text: &'a dyn Fn() -> String,
}

/// The best form of a value.
#[doc(hidden)]
pub fn best(forms: Forms<'_>) -> MimeBundle {
    (forms.bundle)()
        .or_else(|| rich(&mut || (forms.rich)()))
        .unwrap_or_else(|| MimeBundle::text((forms.text)()))
}

/// Shows the value of a cell, unless its type is `()`.
#[doc(hidden)]
pub fn show(forms: Forms<'_>, type_name: &str) {
    if type_name != "()" {
        publish(best(forms));
    }
}

/// The blocks in what `evcxr_display` printed; what stands outside them is printed.
fn evcxr_blocks(printed: &str) -> Vec<(String, String)> {
    output::evcxr::blocks(printed, &mut |text| {
        output::write(output::Stream::Stdout, text)
    })
}

/// What a type's own `evcxr_display` said; `None` if it has none.
fn rich(show: &mut dyn FnMut() -> bool) -> Option<MimeBundle> {
    let (shown, printed) = output::capture(show);
    shown.then(|| MimeBundle::from_pairs(evcxr_blocks(&String::from_utf8_lossy(&printed))))
}

/// Sends the value of a cell to the kernel.
fn publish(bundle: MimeBundle) {
    if output::is_connected() && !bundle.is_empty() {
        output::send(&Event::Value {
            cell: output::current_cell(),
            bundle: bundle.into_pairs(),
        });
    }
}

/// As [`publish`], with another plain text if that is the only format.
#[doc(hidden)]
pub fn publish_as(bundle: MimeBundle, text: &mut dyn FnMut() -> String) {
    let pairs = bundle.into_pairs();
    let is_plain = |(mime, _): &(String, String)| mime == "text/plain";
    publish(if pairs.iter().all(is_plain) && !pairs.is_empty() {
        MimeBundle::text(text())
    } else {
        MimeBundle::from_pairs(pairs)
    });
}

/// A value in the formats that it has: by its [`Show`](crate::display::Show), else by its
/// `evcxr_display`, else in its Debug form.
///
/// ```
/// let bundle = woozle::mime_bundle!(&[1, 2]);
/// assert_eq!(bundle.get("text/plain"), Some("[1, 2]"));
/// ```
#[macro_export]
macro_rules! mime_bundle {
    ($value:expr) => {
        match &$value {
            value => $crate::with_forms!(value, $crate::display::value::best),
        }
    };
}

/// Calls a function with the [`Forms`](crate::display::value::Forms) of what a variable refers to.
#[doc(hidden)]
#[macro_export]
macro_rules! with_forms {
    ($value:ident, $function:path $(, $more:expr)*) => {{
        #[allow(unused_imports)]
        use $crate::display::value::{
            ByDebug as _, ByDisplay as _, ByFuture as _, ByName as _, ByPlain as _, ByShow as _,
            NoShow as _,
        };
        $function(
            $crate::display::value::Forms {
                bundle: &|| (&$crate::display::value::Wrap($value)).bundle(),
                rich: &|| $crate::show_rich!($value),
                text: &|| (&&&&&$crate::display::value::Wrap($value)).text(),
            },
            $($more,)*
        )
    }};
}

/// Shows a value of any type in the current thread's cell, in the formats that it has, and gives a
/// [`DisplayHandle`](crate::display::DisplayHandle) to change it. Python: `display(x)`.
///
/// ```
/// let shown = woozle::display!(vec![1, 2]);
/// shown.update(&woozle::mime_bundle!(vec![1, 2, 3]));
/// ```
#[macro_export]
macro_rules! display {
    ($value:expr $(,)?) => {
        $crate::display::display(&$crate::mime_bundle!($value))
    };
}

/// Shows the value of a cell's last expression, unless it is `()`.
#[doc(hidden)]
#[macro_export]
macro_rules! show_value {
    ($value:ident) => {{
        let type_name = ::core::any::type_name_of_val($value);
        $crate::with_forms!($value, $crate::display::value::show, type_name);
    }};
    ($value:ident, $format:literal) => {{
        if ::core::any::type_name_of_val($value) != "()" {
            let text = &mut || ::std::format!($format, *$value);
            $crate::display::value::publish_as($crate::mime_bundle!(*$value), text);
        }
    }};
}

#[cfg(test)]
mod tests;
