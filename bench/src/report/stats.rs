//! Medians and the like.

use std::time::Duration;

/// The value below which this part of all lies; 0 of nothing.
pub(crate) fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    let at = ((sorted.len() as f64) * part) as usize;
    let last = sorted.len().saturating_sub(1);
    sorted.get(at.min(last)).copied().unwrap_or(0.0)
}

pub(crate) fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

pub(crate) fn seconds(times: &[Duration]) -> Vec<f64> {
    times.iter().map(Duration::as_secs_f64).collect()
}

/// The ratios of what was measured in turn: the median, and how far they spread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ratio {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// The ratios of the same work done by both sides in turn, pair by pair: their median, and their quartiles.
pub(crate) fn ratio(ours: &[f64], other: &[f64]) -> Ratio {
    let pairs: Vec<f64> = ours.iter().zip(other).map(|(a, b)| a / b).collect();
    Ratio {
        median: median(&pairs),
        low: quantile(&pairs, 0.25),
        high: quantile(&pairs, 0.75),
    }
}

/// The ratio of the medians where each pair is other work, with the quartiles of the ratios.
pub(crate) fn ratio_of_medians(ours: &[f64], other: &[f64]) -> Ratio {
    Ratio {
        median: median(ours) / median(other),
        ..ratio(ours, other)
    }
}
