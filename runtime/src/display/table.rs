//! Rows and columns.

use std::fmt::Display;

use ndarray::{ArrayView2, AsArray, Ix2};
use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::{MimeBundle, Show, escape};

/// Of a longer table, so many rows are shown: the first and the last ones.
const ROWS: usize = 60;
/// Of a wider one, so many columns.
const COLUMNS: usize = 20;

/// A table. Python: the way that pandas shows a `DataFrame`.
///
/// ```
/// use serde::Serialize;
/// use woozle::display::{Show, Table};
///
/// #[derive(Serialize)]
/// struct Run { threads: u32, seconds: f64 }
///
/// let runs = [Run { threads: 1, seconds: 4.2 }, Run { threads: 2, seconds: 2.1 }];
/// let text = Table::of(&runs)?.mime_bundle();
/// assert_eq!(text.get("text/plain"), Some("   threads  seconds\n0        1      4.2\n1        2      2.1"));
/// # Ok::<(), woozle::display::TableError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<Cell>>,
    /// What each row is called.
    index: Vec<String>,
    /// Rows and columns, where not all are shown.
    cut: Option<(usize, usize)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    text: String,
    /// Numbers stand at the right.
    right: bool,
}

impl Cell {
    fn of(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            right: text.parse::<f64>().is_ok(),
        }
    }
}

/// Why there is no table.
#[derive(thiserror::Error)]
#[error("no table can be made of this: {0}")]
pub struct TableError(#[from] csv::Error);

debug_is_display!(TableError);

impl Table {
    /// A row for each element; the fields of a struct, or of a tuple, are columns.
    ///
    /// # Errors
    /// When a field is not a number, text, `bool`, unit variant or `Option` of those, or an
    /// element has another number of fields than the first one.
    pub fn of<T: Serialize>(rows: &[T]) -> Result<Self, TableError> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for n in shown(rows.len(), ROWS) {
            writer.serialize(&rows[n])?;
        }
        let text = writer
            .into_inner()
            .map_err(|error| csv::Error::from(error.into_error()))?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_slice());
        let mut records = reader.records().collect::<Result<Vec<_>, _>>()?;
        let named = records.len() > rows.len().min(ROWS);
        let header = named.then(|| records.remove(0));
        let width = header
            .as_ref()
            .or(records.first())
            .map_or(0, csv::StringRecord::len);
        let name = |column: usize| match &header {
            Some(names) => names[column].to_owned(),
            None if width == 1 => "value".to_owned(),
            None => column.to_string(),
        };
        let columns: Vec<usize> = shown(width, COLUMNS).collect();
        let row = |record: &csv::StringRecord| {
            let cells = columns.iter().map(|&n| Cell::of(&record[n]));
            cells.collect()
        };
        Ok(Self {
            header: columns.iter().map(|&column| name(column)).collect(),
            rows: records.iter().map(row).collect(),
            index: shown(rows.len(), ROWS).map(|n| n.to_string()).collect(),
            cut: cut(rows.len(), width),
        })
    }

    /// An array's rows and columns.
    ///
    /// ```
    /// use woozle::display::{Show, Table};
    /// let table = Table::matrix(&ndarray::array![[1, 20], [3, 4]]).mime_bundle();
    /// assert_eq!(table.get("text/plain"), Some("   0   1\n0  1  20\n1  3   4"));
    /// ```
    pub fn matrix<'a, T: Display + 'a>(array: impl AsArray<'a, T, Ix2>) -> Self {
        let array: ArrayView2<'a, T> = array.into();
        let (height, width) = array.dim();
        let columns: Vec<usize> = shown(width, COLUMNS).collect();
        let cell = |row: usize, column: usize| Cell {
            text: array[(row, column)].to_string(),
            right: true,
        };
        Self {
            header: columns.iter().map(usize::to_string).collect(),
            rows: shown(height, ROWS)
                .map(|row| columns.iter().map(|&column| cell(row, column)).collect())
                .collect(),
            index: shown(height, ROWS).map(|row| row.to_string()).collect(),
            cut: cut(height, width),
        }
    }

    /// Gives the columns these names, from the left.
    #[must_use]
    pub fn with_header<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        for (name, own) in names.into_iter().zip(&mut self.header) {
            *own = name.into();
        }
        self
    }

    fn footer(&self) -> Option<String> {
        let (rows, columns) = self.cut?;
        Some(format!("{rows} rows, {columns} columns"))
    }

    fn text(&self) -> String {
        let width = |n: usize, name: &str| {
            let cells = self.rows.iter().filter_map(|row| row.get(n));
            let widths = cells.map(|cell| first_line(&cell.text).width());
            widths.chain([name.width()]).max().unwrap_or_default()
        };
        let index = self.index.iter().map(|name| name.len()).max().unwrap_or(0);
        let widths: Vec<usize> = self
            .header
            .iter()
            .enumerate()
            .map(|(n, name)| width(n, name))
            .collect();
        let mut lines = Vec::new();
        let right = |n: usize| {
            self.rows
                .iter()
                .all(|row| row[n].right || row[n].text.is_empty())
        };
        let mut line = " ".repeat(index);
        for (n, name) in self.header.iter().enumerate() {
            line.push_str(&padded(name, widths[n], right(n)));
        }
        lines.push(line);
        for (name, row) in self.index.iter().zip(&self.rows) {
            let mut line = format!("{name:<index$}");
            for (n, cell) in row.iter().enumerate() {
                line.push_str(&padded(first_line(&cell.text), widths[n], right(n)));
            }
            lines.push(line);
        }
        lines.extend(self.footer());
        let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
        lines.join("\n")
    }

    fn html(&self) -> String {
        let mut html = String::from("<table>\n<thead><tr><th></th>");
        for name in &self.header {
            html.push_str(&format!("<th>{}</th>", escape(name)));
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        for (name, row) in self.index.iter().zip(&self.rows) {
            html.push_str(&format!("<tr><th>{}</th>", escape(name)));
            for cell in row {
                let align = if cell.right { "right" } else { "left" };
                let text = escape(&cell.text).replace('\n', "<br>");
                html.push_str(&format!("<td style=\"text-align: {align}\">{text}</td>"));
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody>\n</table>");
        if let Some(footer) = self.footer() {
            html.push_str(&format!("\n<p>{footer}</p>"));
        }
        html
    }
}

impl Show for Table {
    fn mime_bundle(&self) -> MimeBundle {
        MimeBundle::text(self.text()).with("text/html", self.html())
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn padded(text: &str, width: usize, right: bool) -> String {
    let space = " ".repeat(width.saturating_sub(text.width()));
    if right {
        format!("  {space}{text}")
    } else {
        format!("  {text}{space}")
    }
}

/// Which of `n` are shown, if at most `most` are.
fn shown(n: usize, most: usize) -> impl Iterator<Item = usize> {
    let (head, tail) = if n <= most {
        (n, n)
    } else {
        (most / 2, n - most / 2)
    };
    (0..head).chain(tail..n)
}

fn cut(rows: usize, columns: usize) -> Option<(usize, usize)> {
    (rows > ROWS || columns > COLUMNS).then_some((rows, columns))
}
