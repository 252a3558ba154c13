//! Drawing the lanes, and the arrows between them.

use std::fmt::Write as _;

use super::bars::{self, Bar};
use super::legend;
use super::look::{LETTER, MARGIN, WIDTH, colour, escaped};
use crate::session::magics::timeline::picture::{Lane, Picture, State, Wake};
use crate::session::magics::timing::lines::shown;

/// The height of a lane, and of what lies between two.
const LANE: f64 = 22.0;
const GAP: f64 = 6.0;
/// Above the lanes: the axis.
const TOP: f64 = 30.0;
/// Above so many arrows nobody can tell one from another.
const MOST_WAKES: usize = 150;

const STYLE: &str = include_str!("timeline.css");

/// The picture, without what it lies on.
pub(in super::super) struct Drawing {
    body: String,
    height: f64,
}

/// Where things are.
struct Scale {
    /// Where the time begins, right of the labels.
    left: f64,
    end: u64,
}

impl Scale {
    fn x(&self, time: u64) -> f64 {
        self.left + time as f64 / self.end as f64 * (WIDTH - self.left - MARGIN)
    }

    fn y(lane: usize) -> f64 {
        TOP + lane as f64 * (LANE + GAP)
    }
}

impl Drawing {
    /// Draws it.
    pub(in super::super) fn of(picture: &Picture) -> Self {
        let labels = picture.lanes.iter().map(|lane| lane.label.chars().count());
        let longest = labels.max().unwrap_or(0) as f64;
        let scale = Scale {
            left: (longest * LETTER + 16.0).clamp(60.0, 260.0),
            end: picture.end,
        };
        let bottom = Scale::y(picture.lanes.len());
        let legend = legend::legend(picture, scale.left, bottom + 10.0);
        let mut body = String::new();
        axis(&mut body, &scale, bottom);
        for (n, lane) in picture.lanes.iter().enumerate() {
            draw_lane(&mut body, picture, &scale, n, lane);
        }
        if picture.wakes.len() <= MOST_WAKES {
            for wake in &picture.wakes {
                draw_wake(&mut body, &scale, wake);
            }
        }
        body.push_str(&legend.svg);
        Self {
            body,
            height: legend.bottom + 8.0,
        }
    }

    /// Within a page, light or dark, whose colours it takes. Where it is wider than the page, it can be moved.
    pub(in super::super) fn within_page(&self) -> String {
        let style = "min-width:640px;max-width:100%;height:auto;color:var(--jp-content-font-color1,inherit)";
        format!(
            "<div style=\"overflow-x:auto\">{}</div>",
            self.svg(style, "")
        )
    }

    /// As an image, with a light ground of its own, since it does not know where it is shown.
    pub(in super::super) fn image(&self) -> String {
        let ground = format!(
            "<rect width=\"{WIDTH}\" height=\"{:.0}\" fill=\"#fff\"/>",
            self.height
        );
        self.svg("color:#24292f", &ground)
    }

    fn svg(&self, style: &str, ground: &str) -> String {
        let Self { body, height } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"woozle-timeline\" viewBox=\"0 0 {WIDTH} {height:.0}\" width=\"{WIDTH}\" \
             height=\"{height:.0}\" role=\"img\" aria-label=\"What the threads did\" style=\"{style}\"><style>{STYLE}</style>\
             {ground}{body}</svg>"
        )
    }
}

/// Lines at round times.
fn axis(out: &mut String, scale: &Scale, bottom: f64) {
    let span = scale.end as f64;
    let power = 10_f64.powf((span / 8.0).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    let step = steps.into_iter().find(|step| span / step <= 8.0);
    let step = step.unwrap_or(span);
    let (unit, name) = match span {
        span if span > 2e9 => (1e9, "s"),
        span if span > 2e6 => (1e6, "ms"),
        _ => (1e3, "µs"),
    };
    let mut at = 0.0;
    while at <= span {
        let x = scale.x(at as u64);
        // Rounded, since steps of a tenth do not add up.
        let value = (at / unit * 1e6).round() / 1e6;
        let _ = write!(
            out,
            "<path class=\"grid\" d=\"M{x:.1} {:.0}V{bottom:.0}\"/><text class=\"dim\" x=\"{x:.1}\" y=\"{:.0}\" \
             text-anchor=\"middle\">{value} {name}</text>",
            TOP - 8.0,
            TOP - 13.0
        );
        at += step;
    }
}

fn draw_lane(out: &mut String, picture: &Picture, scale: &Scale, n: usize, lane: &Lane) {
    let y = Scale::y(n);
    let (from, to) = (scale.x(lane.time.start), scale.x(lane.time.end));
    let mut about = lane.label.clone();
    if let Some(place) = &lane.started {
        let _ = write!(about, ", started in {}: {}", place.shown, place.line);
    }
    let _ = write!(
        out,
        "<g class=\"thread\"><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}<title>{}</title></text>\
         <rect class=\"lane\" x=\"{from:.1}\" y=\"{y}\" width=\"{:.1}\" height=\"{LANE}\" rx=\"2\"/>",
        scale.left - 8.0,
        y + LANE / 2.0 + 4.0,
        escaped(&lane.label),
        escaped(&about),
        (to - from).max(1.0)
    );
    let narrowest = bars::narrowest(picture);
    for bar in bars::of(picture, lane, &|time| scale.x(time), narrowest) {
        draw_bar(out, y, &bar);
    }
    for task in &lane.tasks {
        let (x, end) = (scale.x(task.start), scale.x(task.end));
        if end - x >= narrowest {
            let _ = write!(
                out,
                "<rect class=\"task\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{}\" rx=\"3\"><title>a task, {}</title></rect>",
                y + 1.5,
                end - x,
                LANE - 3.0,
                shown((task.end - task.start) as f64)
            );
        }
    }
    let mut last = f64::MIN;
    for hold in &lane.holds {
        let (x, end) = (scale.x(hold.time.start), scale.x(hold.time.end));
        if end - last < narrowest {
            continue;
        }
        last = end;
        let _ = write!(
            out,
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"3\" rx=\"1\" fill=\"{}\"><title>{}</title></rect>",
            y + LANE - 3.0,
            (end - x).max(0.8),
            colour(hold.lock),
            escaped(&format!(
                "{} holds {} for {}",
                lane.label,
                picture.locks[hold.lock],
                shown((hold.time.end - hold.time.start) as f64)
            ))
        );
    }
    let mut last = f64::MIN;
    for print in &lane.prints {
        let x = scale.x(print.at);
        if x - last < narrowest {
            continue;
        }
        last = x;
        let place = print.place.as_ref();
        let place = place.map_or_else(String::new, |place| format!(" in {}", place.shown));
        let _ = write!(
            out,
            "<path class=\"print\" d=\"M{:.1} {:.1}h5.2l-2.6 4.6z\"><title>{}</title></path>",
            x - 2.6,
            y - 1.0,
            escaped(&format!("prints {:?}{place}", print.text.trim_end()))
        );
    }
    out.push_str("</g>");
}

fn draw_bar(out: &mut String, y: f64, bar: &Bar) {
    let thin = matches!(bar.state, State::WaitsForEnd | State::Waits);
    let (top, height) = match thin {
        true => (y + LANE / 2.0 - 3.0, 6.0),
        false => (y + 3.0, LANE - 6.0),
    };
    let width = (bar.end - bar.start).max(0.8);
    let _ = write!(
        out,
        "<rect class=\"{}\" x=\"{:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height}\" rx=\"{:.1}\"><title>{}</title></rect>",
        bar.class,
        bar.start,
        (width / 2.0).min(2.0),
        escaped(&bar.title)
    );
    if bar.state == State::WaitsForLock {
        // Not by a pattern, whose name would have to be unique in the page.
        let mut x = bar.start + 5.0;
        let mut path = String::new();
        while x + 4.0 < bar.end {
            let _ = write!(path, "M{x:.1} {:.1}l4 {:.1}", top + height, -height);
            x += 9.0;
        }
        if !path.is_empty() {
            let _ = write!(
                out,
                "<path class=\"stripes\" d=\"{path}\" pointer-events=\"none\"/>"
            );
        }
    }
    let fitting = bar.labels.iter().find(|label| {
        let length = label.chars().count() as f64;
        !label.is_empty() && length * LETTER < width - 6.0
    });
    if let Some(label) = fitting {
        let _ = write!(
            out,
            "<text class=\"in\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            (bar.start + bar.end) / 2.0,
            y + LANE / 2.0 + 3.6,
            escaped(label)
        );
    }
}

fn draw_wake(out: &mut String, scale: &Scale, wake: &Wake) {
    let ((from, began), (to, ended)) = (wake.from, wake.to);
    let middle = LANE / 2.0;
    let (y0, y1) = (Scale::y(from) + middle, Scale::y(to) + middle);
    let down = if y1 > y0 { 1.0 } else { -1.0 };
    let (x0, x1) = (scale.x(began), scale.x(ended));
    let tip = y1 - down * (middle - 4.0);
    let half = (y0 + y1) / 2.0;
    let colour = match (wake.lock, wake.state) {
        (Some(lock), _) => colour(lock),
        (None, State::WaitsForEnd) => "#8b949e",
        (None, State::WaitsForMessage) => "#0d9488",
        _ => "#8b5cf6",
    };
    let _ = write!(
        out,
        "<path class=\"wake\" stroke=\"{colour}\" d=\"M{x0:.1} {y0:.1}C{:.1} {half:.1} {:.1} {half:.1} {x1:.1} {tip:.1}\"/>\
         <path fill=\"{colour}\" d=\"M{:.1} {:.1}h5l-2.5 {:.1}z\"/>",
        x0 + 7.0,
        x1 + 7.0,
        x1 - 2.5,
        tip - down * 4.0,
        down * 5.0
    );
}
