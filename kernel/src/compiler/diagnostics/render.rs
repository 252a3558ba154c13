//! rustc's messages as the user should see them: against `cell [N]` and its own text, with no
//! generated name.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::closures::{self, with_users_places};
use super::place::{Place, place};
use super::plain::plain;
use super::report::{Cells, Report};
use crate::compiler::rustc::contract::{level, phrase, unnamed};
use crate::compiler::rustc::layout::ROOT;
use crate::compiler::rustc::messages::{Message, Span};

/// Renders an error; `advice` adds notes of ours.
pub fn report(message: &Message, cells: &Cells, advice: &[String]) -> Report {
    let code = message.code().to_owned();
    let message = &without_closure(message);
    let users = |text: &str| with_users_places(&plain(text), cells);
    let mut text = users(&message.message);
    let mut shown = snippets(&message.spans, cells);
    if shown.is_empty()
        && let Some(refusal) = text.strip_prefix(phrase::CONST_PANIC)
    {
        // A check at compile time in a library, for a closure of the user's.
        text = refusal.to_owned();
        shown.extend(closure(message, cells));
    }
    let mut title = shown_level(&message.level).primary_title(text.clone());
    let is_lint = !code.is_empty() && message.level == level::WARNING;
    if !code.is_empty() && !is_lint {
        title = title.id(code.clone());
    }
    let mut main = Group::with_title(title).elements(shown);
    let mut groups = Vec::new();
    for child in &message.children {
        let patches = patches(&child.spans, cells);
        let shown = snippets(&child.spans, cells);
        let mut text = users(&child.message);
        let choice = choice(&child.spans, cells);
        if !choice.is_empty() {
            text = format!("{text}: {}", choice.join(", "));
        }
        let is_ours = text.starts_with(phrase::REQUIRED_FOR_FAILURE);
        if is_lint && text.starts_with(phrase::LINT_FLAG) || is_about_files(&text) || is_ours {
            continue; // by us
        }
        if !patches.is_empty() {
            groups.push(
                Group::with_title(shown_level(&child.level).secondary_title(text))
                    .elements(patches),
            );
        } else if shown.is_empty() {
            main = main.element(shown_level(&child.level).message(text));
        } else {
            groups.push(
                Group::with_title(shown_level(&child.level).secondary_title(text)).elements(shown),
            );
        }
    }
    for note in advice {
        main = main.element(Level::NOTE.message(note.clone()));
    }
    groups.insert(0, main);
    Report {
        code,
        message: text,
        rendered: Renderer::styled().render(&groups),
    }
}

/// The message without the words on the closure that the statements are in: that is ours.
fn without_closure(message: &Message) -> Cow<'_, Message> {
    let mut around = message.spans.iter().filter(|span| !span.is_primary);
    if !around.any(|span| span.file_name == ROOT) {
        return Cow::Borrowed(message);
    }
    let reword = |text: &mut String, (ours, users): (&str, &str)| *text = text.replace(ours, users);
    let mut message = message.clone();
    for words in [phrase::IN_CLOSURE, phrase::INSIDE_CLOSURE] {
        reword(&mut message.message, words);
    }
    for inside in phrase::INSIDE_ASYNC {
        reword(&mut message.message, (inside, phrase::INSIDE_CLOSURE.1));
    }
    let labels = message
        .spans
        .iter_mut()
        .filter_map(|span| span.label.as_mut());
    for label in labels {
        reword(label, phrase::CANNOT_INSIDE);
        for inside in phrase::INSIDE_ASYNC {
            reword(label, (inside, phrase::CANNOT_INSIDE.1));
        }
    }
    Cow::Owned(message)
}

/// Whether a note is on a file where rustc has put a long type, or on rustc's own flags.
fn is_about_files(note: &str) -> bool {
    note.starts_with(phrase::TYPE_IN_FILE) || note.starts_with(phrase::USE_VERBOSE)
}

fn snippets(spans: &[Span], cells: &Cells) -> Vec<Snippet<'static, Annotation<'static>>> {
    let mut by_cell: BTreeMap<(bool, u32), Vec<Annotation<'static>>> = BTreeMap::new();
    let mut called = BTreeSet::new();
    let primary_cell = spans
        .iter()
        .filter(|s| s.is_primary)
        .find_map(|s| place(s, cells))
        .map(|(cell, _)| cell);
    for span in spans {
        let Some((cell, range)) = place(span, cells) else {
            continue;
        };
        let kind = if span.is_primary {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let mut annotation = kind.span(range);
        if let Some(label) = span.label.as_deref().filter(|label| !label.is_empty()) {
            annotation = annotation.label(with_users_places(&plain(label), cells));
        }
        by_cell
            .entry((Some(cell) != primary_cell, cell))
            .or_default()
            .push(annotation);
        for (cell, range) in calls(span, cells).filter(|_| span.is_primary) {
            if called.insert((cell, range.start)) {
                let call = AnnotationKind::Context.span(range);
                by_cell
                    .entry((Some(cell) != primary_cell, cell))
                    .or_default()
                    .push(call.label("in this macro call"));
            }
        }
    }
    by_cell
        .into_iter()
        .map(|((_, cell), annotations)| {
            let source = &cells[&cell];
            Snippet::source(source.text.to_string())
                .path(source.name())
                .annotations(annotations)
        })
        .collect()
}

/// The macro calls in cells that a place in a macro's rules is reached by, the innermost first.
fn calls<'a>(span: &'a Span, cells: &'a Cells) -> impl Iterator<Item = Place> + 'a {
    let mut known = place(span, cells);
    span.levels().skip(1).filter_map(move |level| {
        let call = place(level, cells)?;
        (known.replace(call.clone())? != call).then_some(call)
    })
}

/// The closure that a message names, as rustc writes its type: `{closure@cell [3]:1:9: 1:12}`.
fn closure(message: &Message, cells: &Cells) -> Option<Snippet<'static, Annotation<'static>>> {
    let labels = message.spans.iter().filter_map(|span| span.label.as_ref());
    let children = message.children.iter().map(|child| &child.message);
    let mut texts = labels.chain(children);
    let (source, range) = texts.find_map(|text| {
        let (_, from) = text.split_once(unnamed::CLOSURE_AT)?;
        let (place, _) = from.split_once('}')?;
        let closure = closures::read(place, cells)?;
        let source = closure.source;
        let [start, end] = closure
            .ends
            .map(|(line, column)| source.offset(line, column));
        Some((source, start..end.max(start)))
    })?;
    let annotation = AnnotationKind::Primary.span(range).label("this closure");
    let snippet = Snippet::source(source.text.to_string());
    Some(snippet.path(source.name()).annotation(annotation))
}

/// What could stand in one place, or could be imported: rustc's suggestions that are no change of the user's text.
fn choice(spans: &[Span], cells: &Cells) -> Vec<String> {
    let suggested = || {
        let suggested = spans.iter();
        suggested.filter_map(|span| Some((span, span.suggested_replacement.as_deref()?.trim())))
    };
    let is_import = |text: &str| text.starts_with("use ") && text.ends_with(';');
    let hidden = |text: &&str| text.starts_with("use woozle::names::");
    if !are_alternatives(spans)
        && !suggested().all(|(span, text)| is_import(text) && place(span, cells).is_none())
    {
        return Vec::new();
    }
    let texts = suggested()
        .map(|(_, text)| text)
        .filter(|text| !hidden(text));
    let texts: BTreeSet<String> = texts.map(|text| format!("`{}`", plain(text))).collect();
    texts.into_iter().collect()
}

/// Whether suggestions exclude each other, since they are for the same place.
fn are_alternatives(spans: &[Span]) -> bool {
    let suggested = spans
        .iter()
        .filter(|span| span.suggested_replacement.is_some());
    let places: Vec<_> = suggested
        .map(|span| (&span.file_name, span.byte_start, span.byte_end))
        .collect();
    places.iter().enumerate().any(|(n, (file, start, end))| {
        places[n + 1..]
            .iter()
            .any(|(other, from, to)| file == other && (start == from || (start < to && from < end)))
    })
}

fn patches(spans: &[Span], cells: &Cells) -> Vec<Snippet<'static, Patch<'static>>> {
    if are_alternatives(spans) {
        return Vec::new();
    }
    let mut by_cell: BTreeMap<u32, Vec<Patch<'static>>> = BTreeMap::new();
    for span in spans {
        let Some(text) = &span.suggested_replacement else {
            continue;
        };
        let Some((cell, range)) = place(span, cells) else {
            return Vec::new();
        };
        by_cell
            .entry(cell)
            .or_default()
            .push(Patch::new(range, plain(text)));
    }
    by_cell
        .into_iter()
        .map(|(cell, patches)| {
            let source = &cells[&cell];
            Snippet::source(source.text.to_string())
                .path(source.name())
                .patches(patches)
        })
        .collect()
}

fn shown_level(level: &str) -> Level<'static> {
    match level {
        level::WARNING => Level::WARNING,
        level::NOTE | level::FAILURE_NOTE => Level::NOTE,
        level::HELP => Level::HELP,
        _ => Level::ERROR,
    }
}

#[cfg(test)]
mod tests;
