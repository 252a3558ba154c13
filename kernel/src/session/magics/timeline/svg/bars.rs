//! What a lane's segments are drawn as.

use super::look::WIDTH;
use crate::session::magics::timeline::picture::{Lane, Picture, Segment, State};
use crate::session::magics::timing::lines::shown;

/// A picture of more segments than this is drawn more coarsely, so that it has no more bars.
const MOST: usize = 1200;
/// What is narrower is drawn together with its neighbours.
const NARROWEST: f64 = 1.2;
/// A thread that has a processor for less of its time than this runs partly.
const PARTLY: f64 = 0.75;
/// In less time than this nobody can tell.
const TOLD: u64 = 300_000;

/// A rectangle.
pub(super) struct Bar {
    pub(super) state: State,
    pub(super) class: &'static str,
    pub(super) start: f64,
    pub(super) end: f64,
    pub(super) title: String,
    /// What may stand in it, the longest first.
    pub(super) labels: Vec<String>,
}

/// How narrow a bar of a picture may be.
pub(super) fn narrowest(picture: &Picture) -> f64 {
    let lanes = picture.lanes.iter();
    let count: usize = lanes
        .map(|lane| lane.segments.len() + lane.holds.len() + lane.prints.len())
        .sum();
    if count <= MOST {
        return NARROWEST;
    }
    (picture.lanes.len() as f64 * WIDTH / MOST as f64).max(NARROWEST)
}

/// Whether it shows that the thread had to wait for a processor.
pub(super) fn is_partly(segment: &Segment) -> bool {
    segment.state == State::Runs && segment.length() >= TOLD && segment.processor < PARTLY
}

/// The bars of a lane.
pub(super) fn of(
    picture: &Picture,
    lane: &Lane,
    x: &dyn Fn(u64) -> f64,
    narrowest: f64,
) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    let mut group: Vec<&Segment> = Vec::new();
    for segment in &lane.segments {
        let wide = x(segment.time.end) - x(segment.time.start) >= narrowest;
        let begun = group.first().map(|first| x(first.time.start));
        let is_full = begun.is_some_and(|begun| x(segment.time.end) - begun >= narrowest);
        if wide || is_full {
            bars.extend(together(picture, &std::mem::take(&mut group), x));
        }
        if wide {
            bars.extend(together(picture, &[segment], x));
        } else {
            group.push(segment);
        }
    }
    bars.extend(together(picture, &group, x));
    bars
}

/// One bar for these segments, which follow each other.
fn together(picture: &Picture, segments: &[&Segment], x: &dyn Fn(u64) -> f64) -> Option<Bar> {
    let (first, last) = (segments.first()?, segments.last()?);
    let (start, end) = (x(first.time.start), x(last.time.end));
    if let [only] = segments {
        return Some(Bar {
            state: only.state,
            class: match is_partly(only) {
                true => "partly",
                false => only.state.class(),
            },
            start,
            end,
            title: title(picture, only),
            labels: labels(picture, only),
        });
    }
    let time = |state: State| {
        let of = segments.iter().filter(|segment| segment.state == state);
        of.map(|segment| segment.length()).sum::<u64>()
    };
    let state = State::ALL.into_iter().max_by_key(|state| time(*state))?;
    let parts = State::ALL.into_iter().filter_map(|state| {
        let count = segments
            .iter()
            .filter(|segment| segment.state == state)
            .count();
        (count > 0).then(|| {
            format!(
                "{} {count} times, {}",
                state.name(),
                shown(time(state) as f64)
            )
        })
    });
    Some(Bar {
        state,
        class: state.class(),
        start,
        end,
        title: parts.collect::<Vec<_>>().join("\n"),
        labels: Vec::new(),
    })
}

/// What is shown where the pointer is.
fn title(picture: &Picture, segment: &Segment) -> String {
    let time = shown(segment.length() as f64);
    if segment.state == State::Runs {
        return match is_partly(segment) {
            true => format!(
                "runs {time}, {:.0} % of it on a processor",
                segment.processor * 100.0
            ),
            false => format!("runs {time}"),
        };
    }
    let object = segment.object.iter().map(|name| format!(" ({name})"));
    let mut title = format!("{}{}, {time}", segment.what, object.collect::<String>());
    if segment.state == State::Sleeps {
        title.clone_from(&segment.what);
    }
    if let Some(place) = &segment.place {
        title.push_str(&format!("\n{}: {}", place.shown, place.line));
    }
    let label = |lane: &usize| picture.lanes[*lane].label.clone();
    if !segment.held_by.is_empty() {
        let holders: Vec<String> = segment.held_by.iter().map(label).collect();
        title.push_str(&format!("\nheld by {}", holders.join(", ")));
    }
    if let Some((lane, place)) = &segment.woken_by {
        let place = place.as_ref();
        let place = place.map_or_else(String::new, |place| format!(" in {}", place.shown));
        title.push_str(&format!("\nwoken by {}{place}", label(lane)));
    }
    title
}

/// What may stand in it.
fn labels(picture: &Picture, segment: &Segment) -> Vec<String> {
    let name = segment.object.clone().unwrap_or_default();
    match segment.state {
        State::WaitsForLock => {
            let holders = segment.held_by.iter();
            let holders: Vec<&str> = holders
                .map(|lane| picture.lanes[*lane].label.as_str())
                .collect();
            let all = format!("{name} ← {}", holders.join(", "));
            match holders.first() {
                None => vec![name],
                Some(_) if holders.len() == 1 => vec![all, name],
                Some(first) => vec![all, format!("{name} ← {first} …"), name],
            }
        }
        State::Runs | State::WaitsForEnd | State::Waits => Vec::new(),
        State::Sleeps => vec![segment.what.clone()],
        _ => vec![
            format!("{} {name}", segment.what).trim_end().to_owned(),
            name,
        ],
    }
}
