//! A cell's text, what is inserted into it, and the way back from generated offsets.
//!
//! A cell's items and its statements are compiled from two files. Each holds the whole cell, with
//! the other's text blanked out and with all insertions of both, so that every line stays the
//! user's line and one mapping serves both files.

use std::ops::Range;
use std::sync::Arc;

use syn::spanned::Spanned as _;
use syn::{AttrStyle, Attribute, Block};

use crate::compiler::names::ITEMS_MARK;
pub use crate::compiler::names::{EXPRESSION, cell_name, cell_of_name};

/// Which of the two files something belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The items.
    Items,
    /// The statements.
    Body,
}

/// A replacement of a piece of the user's text, mostly an insertion; it holds no line break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub range: Range<usize>,
    /// By what.
    pub text: String,
    /// In which of the files it shows.
    pub part: Part,
    /// Whether it belongs to what stands before it, rather than to what follows.
    pub after: bool,
}

impl Edit {
    /// An insertion before something.
    pub fn before(at: usize, text: impl Into<String>, part: Part) -> Self {
        Self {
            range: at..at,
            text: text.into(),
            part,
            after: false,
        }
    }

    /// An insertion after something.
    pub fn after(at: usize, text: impl Into<String>, part: Part) -> Self {
        Self {
            after: true,
            ..Self::before(at, text, part)
        }
    }

    /// A replacement.
    pub fn replace(range: Range<usize>, text: impl Into<String>, part: Part) -> Self {
        Self {
            range: range.clone(),
            ..Self::before(range.start, text, part)
        }
    }
}

/// Where a block's code begins: behind the inner attributes, which are among `attributes`.
pub(crate) fn start_of(block: &Block, attributes: &[Attribute]) -> usize {
    let inner = attributes
        .iter()
        .filter(|attribute| matches!(attribute.style, AttrStyle::Inner(_)));
    let brace = block.brace_token.span.open().byte_range().end;
    inner
        .map(|attribute| attribute.span().byte_range().end)
        .max()
        .unwrap_or(brace)
}

/// A cell's text with its edits.
#[derive(Debug)]
pub struct Source {
    /// The cell's number, as in `cell [3]`.
    pub cell: u32,
    /// The user's text.
    pub text: Arc<str>,
    /// In the order of their places.
    edits: Vec<Edit>,
}

impl Source {
    /// A cell's text; the edits may come in any order, but do not overlap.
    pub fn new(cell: u32, text: &str, mut edits: Vec<Edit>) -> Self {
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        Self {
            cell,
            text: text.into(),
            edits,
        }
    }

    /// The same text with more edits.
    pub fn with(source: &Self, more: impl IntoIterator<Item = Edit>) -> Self {
        let mut edits = source.edits.clone();
        edits.extend(more);
        Self::new(source.cell, &source.text, edits)
    }

    /// The name that the user knows the cell by.
    pub fn name(&self) -> String {
        cell_name(self.cell)
    }

    /// The text for one of the files: what lies outside `visible` is blank. `lead` is one byte
    /// before all else (an opening brace, or a blank).
    pub fn render(&self, part: Part, visible: &[Range<usize>], lead: char) -> String {
        let mut text = String::with_capacity(self.text.len() + 64);
        text.push(lead);
        let shown = |at: usize| visible.iter().any(|range| range.contains(&at));
        let blank = |text: &mut String, piece: &str| {
            for byte in piece.bytes() {
                text.push(if byte == b'\n' || byte == b'\r' {
                    byte as char
                } else {
                    ' '
                });
            }
        };
        let copy = |text: &mut String, range: Range<usize>| {
            let mut at = range.start;
            while at < range.end {
                let visible_here = shown(at);
                let mut end = at + 1;
                while end < range.end
                    && (!self.text.is_char_boundary(end) || shown(end) == visible_here)
                {
                    end += 1;
                }
                let piece = &self.text[at..end];
                if visible_here {
                    text.push_str(piece)
                } else {
                    blank(text, piece)
                }
                at = end;
            }
        };
        let mut at = 0;
        for edit in &self.edits {
            copy(&mut text, at..edit.range.start);
            let neighbour = if edit.after {
                edit.range.start.checked_sub(1)
            } else {
                Some(edit.range.start)
            };
            if edit.part == part && neighbour.is_some_and(shown) {
                text.push_str(&edit.text);
            } else {
                blank(&mut text, &edit.text);
            }
            at = edit.range.end;
        }
        copy(&mut text, at..self.text.len());
        text
    }

    /// Where a byte of a rendered file comes from; a byte of an insertion comes from its place.
    /// `None` beyond the end: that is generated.
    pub fn original(&self, rendered: usize) -> Option<usize> {
        let mut left = rendered.saturating_sub(1);
        let mut at = 0;
        for edit in &self.edits {
            let before = edit.range.start - at;
            if left < before {
                return Some(at + left);
            }
            left -= before;
            if left < edit.text.len() {
                return Some(edit.range.start);
            }
            left -= edit.text.len();
            at = edit.range.end;
        }
        (at + left <= self.text.len()).then_some(at + left)
    }

    /// The insertion that a byte of a rendered file is in.
    pub fn insertion(&self, rendered: usize) -> Option<&Edit> {
        let mut left = rendered.checked_sub(1)?;
        let mut at = 0;
        for edit in &self.edits {
            left = left.checked_sub(edit.range.start - at)?;
            if left < edit.text.len() {
                return Some(edit);
            }
            left -= edit.text.len();
            at = edit.range.end;
        }
        None
    }

    /// The user's column for a place in a compiled file, both counted from 1 in characters.
    pub fn original_column(&self, line: u32, column: u32) -> u32 {
        let line_start = self.line_start(line);
        let mut left = column.saturating_sub(1) as usize;
        if line == 1 {
            left = left.saturating_sub(1); // the lead
        }
        let mut column = 0;
        let mut at = line_start;
        let line_end = self.text[line_start..]
            .find('\n')
            .map_or(self.text.len(), |n| line_start + n);
        for edit in self
            .edits
            .iter()
            .filter(|edit| (line_start..=line_end).contains(&edit.range.start))
        {
            let before = self.text[at..edit.range.start].chars().count();
            if left < before {
                break;
            }
            left -= before;
            column += before;
            left = left.saturating_sub(edit.text.chars().count());
            column += self.text[edit.range.clone()].chars().count();
            at = edit.range.end;
        }
        u32::try_from(column + left + 1).unwrap_or(u32::MAX)
    }

    /// Line by line, from which columns of a compiled file on the user's are how many less.
    pub fn shifts(&self) -> Vec<(u32, u32, i32)> {
        let chars = |text: &str| i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
        let mut shifts = vec![(1, 1, 1)]; // the lead
        for edit in &self.edits {
            let before = &self.text[..edit.range.start];
            let line = 1 + before.matches('\n').count();
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            let column = chars(before.rsplit('\n').next().unwrap_or_default());
            let less = shifts.last().filter(|last| last.0 == line);
            let less = less.map_or(0, |last| last.2);
            let inserted = chars(&edit.text);
            let more = less + inserted - chars(&self.text[edit.range.clone()]);
            let from = column + less + inserted + 1;
            if edit.text.ends_with('(') {
                // To rustc, an expression in parentheses begins with those.
                shifts.push((line, u32::try_from(from - 1).unwrap_or(1), more - 1));
            }
            shifts.push((line, u32::try_from(from).unwrap_or(1), more));
        }
        shifts
    }

    /// The byte of the text at a place in a compiled file, whose line and column count from 1.
    pub fn offset(&self, line: u32, column: u32) -> usize {
        let start = self.line_start(line);
        let column = self.original_column(line, column).saturating_sub(1) as usize;
        let rest = &self.text[start..];
        let within = rest
            .char_indices()
            .nth(column)
            .map_or(rest.len(), |(at, _)| at);
        start + within
    }

    fn line_start(&self, line: u32) -> usize {
        let before = line.saturating_sub(1) as usize;
        self.text
            .split_inclusive('\n')
            .take(before)
            .map(str::len)
            .sum()
    }
}

/// What rustc takes the file of a cell's part for.
pub fn file_name(cell: u32, part: Part) -> String {
    let mark = if part == Part::Items { ITEMS_MARK } else { "" };
    format!("{}{mark}", cell_name(cell))
}

/// A range less some pieces of it.
pub(crate) fn without(range: Range<usize>, cut: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut cut: Vec<_> = cut.to_vec();
    cut.sort_by_key(|piece| piece.start);
    let mut left = Vec::new();
    let mut at = range.start;
    for piece in cut {
        left.push(at..piece.start);
        at = piece.end;
    }
    left.push(at..range.end);
    left
}

#[cfg(test)]
mod tests;
