//! What one value looks like, in one or several formats.

/// One value in one or several formats: what Jupyter calls a mime bundle. A front end shows the
/// richest that it knows; `text/plain` is for consoles and logs.
///
/// ```
/// use woozle::display::MimeBundle;
///
/// let bundle = MimeBundle::text("0.5").with("text/latex", r"$\frac{1}{2}$");
/// assert_eq!(bundle.get("text/plain"), Some("0.5"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MimeBundle(Vec<(String, String)>);

impl MimeBundle {
    /// A bundle with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A bundle with a plain text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::new().with("text/plain", text)
    }

    /// Adds a format, or replaces what the bundle has of it. Binary data, such as `image/png`, are
    /// given in base64; of JSON formats (`application/json` and what ends with `+json`), the text.
    #[must_use]
    pub fn with(mut self, mime: &str, data: impl Into<String>) -> Self {
        self.0.retain(|(other, _)| other != mime);
        self.0.push((mime.to_owned(), data.into()));
        self
    }

    /// What the bundle has of this format.
    #[must_use]
    pub fn get(&self, mime: &str) -> Option<&str> {
        let found = self.0.iter().find(|(other, _)| other == mime);
        found.map(|(_, data)| data.as_str())
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    pub(crate) fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        pairs
            .into_iter()
            .fold(Self::new(), |bundle, (mime, data)| bundle.with(&mime, data))
    }
}

/// What can be shown in other ways than as text. The last expression of a cell is shown so, and
/// [`display!`](crate::display!) shows it in the middle of one.
///
/// Python: `_repr_mimebundle_`, `_repr_html_` and the like.
///
/// ```
/// use woozle::display::{MimeBundle, Show};
///
/// struct Colour(u8, u8, u8);
///
/// impl Show for Colour {
///     fn mime_bundle(&self) -> MimeBundle {
///         let Self(r, g, b) = self;
///         let hex = format!("#{r:02x}{g:02x}{b:02x}");
///         let html = format!("<span style='background:{hex}'>&emsp;</span> {hex}");
///         MimeBundle::text(hex).with("text/html", html)
///     }
/// }
/// assert_eq!(Colour(255, 0, 0).mime_bundle().get("text/plain"), Some("#ff0000"));
/// ```
pub trait Show {
    /// The value in the formats that it has. One of them should be `text/plain`.
    fn mime_bundle(&self) -> MimeBundle;
}

impl Show for MimeBundle {
    fn mime_bundle(&self) -> MimeBundle {
        self.clone()
    }
}

impl<T: Show + ?Sized> Show for &T {
    fn mime_bundle(&self) -> MimeBundle {
        (**self).mime_bundle()
    }
}

impl<T: Show + ?Sized> Show for &mut T {
    fn mime_bundle(&self) -> MimeBundle {
        (**self).mime_bundle()
    }
}

impl<T: Show + ?Sized> Show for Box<T> {
    fn mime_bundle(&self) -> MimeBundle {
        (**self).mime_bundle()
    }
}

impl<T: Show + ?Sized> Show for std::rc::Rc<T> {
    fn mime_bundle(&self) -> MimeBundle {
        (**self).mime_bundle()
    }
}

impl<T: Show + ?Sized> Show for std::sync::Arc<T> {
    fn mime_bundle(&self) -> MimeBundle {
        (**self).mime_bundle()
    }
}
