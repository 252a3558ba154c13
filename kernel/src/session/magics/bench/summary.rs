//! The measurements of `%%bench` in words and as a page.

use woozle::protocol::Measured;

use super::plot;
use super::statistics::Statistics;
use crate::session::magics::timing::lines::shown;

/// The measurements as text and as HTML.
pub(crate) fn bundle(measured: &Measured) -> Vec<(String, String)> {
    let Some(statistics) = Statistics::of(measured) else {
        return vec![("text/plain".into(), "nothing was measured".into())];
    };
    vec![
        ("text/plain".into(), text(&statistics, measured)),
        ("text/html".into(), html(&statistics, measured)),
    ]
}

/// The lines, each with what it is called.
fn lines(statistics: &Statistics, measured: &Measured) -> Vec<(&'static str, String)> {
    let s = statistics;
    let mut lines = vec![
        (
            "median",
            format!(
                "{} per run, 95 % sure between {} and {}",
                shown(s.median),
                shown(s.interval.0),
                shown(s.interval.1)
            ),
        ),
        (
            "spread",
            format!(
                "MAD {}, from {} to {}",
                shown(s.mad),
                shown(s.least()),
                shown(s.most())
            ),
        ),
        (
            "mean",
            format!("{} ± {}", shown(s.mean), shown(s.deviation)),
        ),
        (
            "samples",
            format!(
                "{} of {} run(s) each, after a warm-up; the first run took {}",
                s.sorted.len(),
                measured.runs,
                shown(measured.first as f64)
            ),
        ),
    ];
    let (mild, severe) = s.outliers();
    if mild + severe > 0 {
        let text = format!("{mild} mild, {severe} severe, of {}", s.sorted.len());
        lines.push(("outliers", text));
    }
    if s.median < 2.0 {
        let text = "this is hardly more than calling nothing: the compiler may know the result \
                    beforehand; pass what goes in through std::hint::black_box";
        lines.push(("note", text.to_owned()));
    }
    lines
}

fn text(statistics: &Statistics, measured: &Measured) -> String {
    let mut text: Vec<String> = lines(statistics, measured)
        .into_iter()
        .map(|(name, value)| format!("{name:<9}{value}"))
        .collect();
    text.push(format!("{:<9}{}", "", plot::line(statistics)));
    text.join("\n")
}

fn html(statistics: &Statistics, measured: &Measured) -> String {
    let rows: String = lines(statistics, measured)
        .into_iter()
        .map(|(name, value)| {
            format!("<tr><th style=\"text-align:left\">{name}</th><td style=\"text-align:left\">{value}</td></tr>")
        })
        .collect();
    format!("<table>{rows}</table>{}", plot::svg(statistics))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(samples: Vec<u64>) -> Measured {
        Measured {
            first: 5_000,
            runs: 10,
            samples,
        }
    }

    #[test]
    fn measurements_are_shown_in_words_and_as_a_picture() {
        let mut samples: Vec<u64> = (0..99).map(|n| 12_000 + n).collect();
        samples.push(90_000);
        let shown = bundle(&measured(samples));
        let [(plain, text), (html, page)] = &shown[..] else {
            panic!("{shown:?}")
        };
        assert_eq!((plain.as_str(), html.as_str()), ("text/plain", "text/html"));
        assert!(text.starts_with("median   1.205 µs per run"), "{text}");
        assert!(text.contains("100 of 10 run(s) each"), "{text}");
        assert!(text.contains("outliers 0 mild, 1 severe"), "{text}");
        assert!(page.contains("<svg") && page.contains("1.205 µs"), "{page}");
        assert!(!text.contains("black_box"));
    }

    #[test]
    fn what_takes_no_time_is_suspicious() {
        let shown = bundle(&measured(vec![9; 100]));
        assert!(shown[0].1.contains("std::hint::black_box"));
        assert!(bundle(&measured(Vec::new()))[0].1.contains("nothing"));
    }
}
