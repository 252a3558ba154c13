//! The distribution of a benchmark's samples, as a picture and as a line of text.

use std::fmt::Write as _;

use super::statistics::Statistics;
use crate::session::magics::timing::lines::shown;

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 96.0;
/// Below the curve: the samples, and the axis with its text.
const BELOW: f64 = 36.0;

/// What is drawn: all samples but severe outliers, which would press the others together.
fn range(statistics: &Statistics) -> (f64, f64) {
    let (low, high) = statistics.fences(3.0);
    let (low, high) = (low.max(statistics.least()), high.min(statistics.most()));
    let margin = ((high - low) * 0.05).max(high.abs() * 1e-3).max(1e-3);
    (low - margin, high + margin)
}

/// The distribution in blocks of eight heights, with its ends.
pub(super) fn line(statistics: &Statistics) -> String {
    const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const COLUMNS: usize = 40;
    let (low, high) = range(statistics);
    let mut counts = [0_usize; COLUMNS];
    for x in &statistics.sorted {
        let at = (x - low) / (high - low) * COLUMNS as f64;
        if at >= 0.0 && at < COLUMNS as f64 {
            counts[at as usize] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(1).max(1);
    let blocks: String = counts
        .iter()
        .map(|n| BLOCKS[(n * 8).div_ceil(most)])
        .collect();
    format!("{}|{blocks}|{}", shown(low.max(0.0)), shown(high))
}

/// The density as a curve, with the median, its interval, and a mark for each sample.
pub(super) fn svg(statistics: &Statistics) -> String {
    let (low, high) = range(statistics);
    let x = |value: f64| (value - low) / (high - low) * WIDTH;
    let density = density(statistics, low, high);
    let top = density.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let step = WIDTH / (density.len() - 1) as f64;
    let mut curve = format!("M0,{HEIGHT:.1}");
    for (n, height) in density.iter().enumerate() {
        let y = HEIGHT - height / top * (HEIGHT - 8.0);
        let _ = write!(curve, "L{:.1},{y:.1}", n as f64 * step);
    }
    let _ = write!(curve, "L{WIDTH:.1},{HEIGHT:.1}Z");
    let mut marks = String::new();
    for value in statistics
        .sorted
        .iter()
        .filter(|value| (low..=high).contains(value))
    {
        let _ = write!(marks, "M{0:.1},{1:.1}v6", x(*value), HEIGHT + 3.0);
    }
    let (from, to) = statistics.interval;
    let (from, to) = (x(from.max(low)), x(to.min(high)));
    let median = x(statistics.median);
    let base = HEIGHT + BELOW - 10.0;
    let anchor = match median / WIDTH {
        part if part < 0.25 => "start",
        part if part > 0.75 => "end",
        _ => "middle",
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"Distribution of the samples\" \
         font-family=\"sans-serif\" font-size=\"11\" fill=\"currentColor\">\
         <path d=\"{curve}\" fill=\"#4c78a8\" fill-opacity=\"0.35\" stroke=\"#4c78a8\"/>\
         <rect x=\"{from:.1}\" y=\"4\" width=\"{width:.1}\" height=\"{band:.1}\" fill=\"#e45756\" fill-opacity=\"0.25\"/>\
         <path d=\"M{median:.1},4V{HEIGHT}\" stroke=\"#e45756\" stroke-width=\"1.5\"/>\
         <path d=\"{marks}\" stroke=\"#4c78a8\" stroke-opacity=\"0.5\"/>\
         <path d=\"M0,{HEIGHT}H{WIDTH}\" stroke=\"currentColor\" stroke-opacity=\"0.5\"/>\
         <text x=\"0\" y=\"{base}\">{}</text>\
         <text x=\"{WIDTH}\" y=\"{base}\" text-anchor=\"end\">{}</text>\
         <text x=\"{median:.1}\" y=\"{base}\" text-anchor=\"{anchor}\" font-weight=\"bold\">{}</text></svg>",
        if median / WIDTH < 0.25 {
            String::new()
        } else {
            shown(low.max(0.0))
        },
        if median / WIDTH > 0.75 {
            String::new()
        } else {
            shown(high)
        },
        shown(statistics.median),
        height = HEIGHT + BELOW,
        width = (to - from).max(1.0),
        band = HEIGHT - 4.0,
    )
}

/// A kernel estimate of the density, at evenly spaced places; Silverman's rule for its width.
fn density(statistics: &Statistics, low: f64, high: f64) -> Vec<f64> {
    const PLACES: usize = 120;
    let (quarter, three_quarters) = {
        let (low, high) = statistics.fences(0.0);
        (low, high)
    };
    let spread = ((three_quarters - quarter) / 1.34).min(statistics.deviation);
    let n = statistics.sorted.len() as f64;
    let width = (0.9 * spread * n.powf(-0.2)).max((high - low) / PLACES as f64);
    let place = |at: usize| low + (high - low) * at as f64 / (PLACES - 1) as f64;
    let height = |at: usize| {
        let bump = |x: &f64| (-((place(at) - x) / width).powi(2) / 2.0).exp();
        statistics.sorted.iter().map(bump).sum()
    };
    (0..PLACES).map(height).collect()
}

#[cfg(test)]
mod tests {
    use woozle::protocol::Measured;

    use super::*;

    fn of(samples: Vec<u64>) -> Statistics {
        let measured = Measured {
            first: 0,
            runs: 1,
            samples,
        };
        Statistics::of(&measured).expect("samples")
    }

    #[test]
    fn the_line_has_its_peak_where_the_samples_are() {
        let mut samples = vec![100; 50];
        samples.extend([90, 95, 105, 110]);
        let line = line(&of(samples));
        let blocks = line.split('|').nth(1).expect("three parts");
        assert_eq!(blocks.chars().count(), 40);
        assert!(blocks.contains('█'), "{line}");
    }

    #[test]
    fn no_number_of_the_picture_is_missing() {
        for samples in [vec![7], vec![7; 9], vec![1, 2, 3], vec![0, 0, u64::MAX]] {
            let picture = svg(&of(samples));
            assert!(picture.starts_with("<svg") && picture.ends_with("</svg>"));
            assert!(
                !picture.contains("NaN") && !picture.contains("inf"),
                "{picture}"
            );
        }
    }
}
