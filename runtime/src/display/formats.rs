//! Values that are text in a format that front ends know.

use super::{MimeBundle, Show};

macro_rules! format {
    ($(#[$doc:meta])* $name:ident, $mime:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub String);

        impl $name {
            /// From anything that is text.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }
        }

        impl<T: Into<String>> From<T> for $name {
            fn from(text: T) -> Self {
                Self::new(text)
            }
        }
    };
}

/// A format whose source is readable as it is.
macro_rules! readable {
    ($(#[$doc:meta])* $name:ident, $mime:literal) => {
        format!($(#[$doc])* $name, $mime);

        impl Show for $name {
            fn mime_bundle(&self) -> MimeBundle {
                MimeBundle::text(&self.0).with($mime, &self.0)
            }
        }
    };
}

format! {
    /// Plain text, without the quotes of a string's Debug form.
    ///
    /// ```
    /// use woozle::display::{Show, Text};
    /// assert_eq!(Text::new("a\nb").mime_bundle().get("text/plain"), Some("a\nb"));
    /// ```
    Text, "text/plain"
}

impl Show for Text {
    fn mime_bundle(&self) -> MimeBundle {
        MimeBundle::text(&self.0)
    }
}

format! {
    /// HTML. Python: `IPython.display.HTML`. What comes from elsewhere has to be escaped first:
    /// [`escape`].
    ///
    /// ```
    /// use woozle::display::{Html, Show};
    /// let bold = Html::new("<b>Woozle</b>").mime_bundle();
    /// assert_eq!(bold.get("text/html"), Some("<b>Woozle</b>"));
    /// assert_eq!(bold.get("text/plain"), Some("Woozle"));
    /// ```
    Html, "text/html"
}

impl Show for Html {
    fn mime_bundle(&self) -> MimeBundle {
        MimeBundle::text(without_tags(&self.0)).with("text/html", &self.0)
    }
}

readable! {
    /// Markdown. Python: `IPython.display.Markdown`.
    ///
    /// ```
    /// use woozle::display::{Markdown, Show};
    /// let text = Markdown::new("*slowly*").mime_bundle();
    /// assert_eq!(text.get("text/markdown"), Some("*slowly*"));
    /// ```
    Markdown, "text/markdown"
}

readable! {
    /// LaTeX; formulas stand between `$`. Python: `IPython.display.Latex`.
    ///
    /// ```
    /// use woozle::display::{Latex, Show};
    /// let formula = Latex::new(r"$e^{i\pi} = -1$").mime_bundle();
    /// assert!(formula.get("text/latex").is_some());
    /// ```
    Latex, "text/latex"
}

format! {
    /// A drawing. Python: `IPython.display.SVG`.
    ///
    /// ```
    /// use woozle::display::{Show, Svg};
    /// let dot = "<svg xmlns='http://www.w3.org/2000/svg'><circle r='9'/></svg>";
    /// assert!(Svg::new(dot).mime_bundle().get("image/svg+xml").is_some());
    /// ```
    Svg, "image/svg+xml"
}

impl Show for Svg {
    fn mime_bundle(&self) -> MimeBundle {
        MimeBundle::text("<a drawing>").with("image/svg+xml", &self.0)
    }
}

readable! {
    /// JSON, which a front end shows as a tree that can be opened. Python: `IPython.display.JSON`.
    ///
    /// ```
    /// use woozle::display::{Json, Show};
    /// let data = Json::new("[1, 2]").mime_bundle();
    /// assert_eq!(data.get("application/json"), Some("[1, 2]"));
    /// ```
    Json, "application/json"
}

/// Text as HTML, with `&`, `<`, `>` and quotes escaped.
///
/// ```
/// assert_eq!(woozle::display::escape("Vec<u8>"), "Vec&lt;u8&gt;");
/// ```
#[must_use]
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

/// What is left of HTML on a console.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('>') else {
            rest = &rest[open..];
            break;
        };
        rest = &rest[open + close + 1..];
    }
    text.push_str(rest);
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    let text = entities
        .iter()
        .fold(text, |text, (entity, c)| text.replace(entity, c));
    text.trim().to_owned()
}
