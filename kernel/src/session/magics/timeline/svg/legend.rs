//! What the colours mean.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::bars;
use super::look::{LETTER, MARGIN, WIDTH, colour, escaped};
use crate::session::magics::timeline::picture::{Picture, State};

/// So many locks are named.
const MOST_LOCKS: usize = 8;

/// The legend, and where it ends.
pub(super) struct Legend {
    pub(super) svg: String,
    pub(super) bottom: f64,
}

/// The legend of a picture: of what there is in it.
pub(super) fn legend(picture: &Picture, left: f64, top: f64) -> Legend {
    let mut place = Place {
        left,
        x: left,
        y: top,
        svg: String::new(),
    };
    let segments = || picture.lanes.iter().flat_map(|lane| &lane.segments);
    let used: BTreeSet<State> = segments().map(|segment| segment.state).collect();
    for state in State::ALL.into_iter().filter(|state| used.contains(state)) {
        place.add(&format!("class=\"{}\"", state.class()), state.name());
        if state == State::Runs && segments().any(bars::is_partly) {
            place.add("class=\"partly\"", "has a processor part of the time");
        }
    }
    if picture.lanes.iter().any(|lane| !lane.tasks.is_empty()) {
        place.add("class=\"task\"", "a task");
    }
    for (lock, name) in picture.locks.iter().enumerate().take(MOST_LOCKS) {
        place.add(
            &format!("fill=\"{}\"", colour(lock)),
            &format!("holds {name}"),
        );
    }
    if picture.lanes.iter().any(|lane| !lane.prints.is_empty()) {
        place.add("class=\"print\"", "prints");
    }
    Legend {
        svg: place.svg,
        bottom: place.y + 12.0,
    }
}

struct Place {
    left: f64,
    x: f64,
    y: f64,
    svg: String,
}

impl Place {
    fn add(&mut self, look: &str, name: &str) {
        let width = 26.0 + name.chars().count() as f64 * LETTER;
        if self.x + width > WIDTH - MARGIN {
            self.x = self.left;
            self.y += 16.0;
        }
        let (x, y) = (self.x, self.y);
        let _ = match look {
            "class=\"print\"" => write!(
                self.svg,
                "<path {look} d=\"M{x:.1} {:.1}h8l-4 6.5z\"/>",
                y + 1.5
            ),
            // The bar below a lane.
            look if look.starts_with("fill") => write!(
                self.svg,
                "<rect {look} x=\"{x:.1}\" y=\"{:.1}\" width=\"13\" height=\"3\"/>",
                y + 3.5
            ),
            look => write!(
                self.svg,
                "<rect {look} x=\"{x:.1}\" y=\"{y:.1}\" width=\"13\" height=\"9\" rx=\"2\"/>"
            ),
        }; // a string takes all
        let _ = write!(
            self.svg,
            "<text class=\"dim\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x + 18.0,
            y + 8.6,
            escaped(name)
        );
        self.x += width;
    }
}
