//! Robust statistics of a benchmark's samples.

use woozle::protocol::Measured;

/// What the samples say of one run, in nanoseconds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statistics {
    /// The time of a run in each sample, shortest first.
    pub(super) sorted: Vec<f64>,
    pub(super) median: f64,
    /// With 95 % confidence the true median lies between these. By ranks, so whatever the distribution.
    pub(super) interval: (f64, f64),
    /// The median of the distances from the median.
    pub(super) mad: f64,
    pub(super) mean: f64,
    /// The standard deviation.
    pub(super) deviation: f64,
}

impl Statistics {
    /// `None` if there are no samples.
    pub(super) fn of(measured: &Measured) -> Option<Self> {
        let runs = measured.runs.max(1) as f64;
        let mut sorted: Vec<f64> = measured.samples.iter().map(|&n| n as f64 / runs).collect();
        sorted.sort_by(f64::total_cmp);
        if sorted.is_empty() {
            return None;
        }
        let n = sorted.len() as f64;
        let median = quantile(&sorted, 0.5);
        let mut distances: Vec<f64> = sorted.iter().map(|x| (x - median).abs()).collect();
        distances.sort_by(f64::total_cmp);
        let mean = sorted.iter().sum::<f64>() / n;
        let squares = sorted.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
        // How many samples lie below the true median is binomial: n/2 on average, ± √n/2.
        let half = 1.96 * n.sqrt() / 2.0;
        let rank = |rank: f64| sorted[(rank.max(0.0) as usize).min(sorted.len() - 1)];
        let interval = (
            rank((n / 2.0 - half).floor()),
            rank((n / 2.0 + half).ceil()),
        );
        Some(Self {
            median,
            interval,
            mad: quantile(&distances, 0.5),
            mean,
            deviation: (squares / (n - 1.0).max(1.0)).sqrt(),
            sorted,
        })
    }

    pub(super) fn least(&self) -> f64 {
        self.sorted[0]
    }

    pub(super) fn most(&self) -> f64 {
        self.sorted[self.sorted.len() - 1]
    }

    /// The samples between these are no outliers, `width` times the quartiles' distance away.
    pub(super) fn fences(&self, width: f64) -> (f64, f64) {
        let (low, high) = (quantile(&self.sorted, 0.25), quantile(&self.sorted, 0.75));
        let reach = (high - low) * width;
        (low - reach, high + reach)
    }

    /// How many samples are mild outliers, and how many severe ones, by Tukey's fences.
    pub(super) fn outliers(&self) -> (usize, usize) {
        let beyond = |(low, high): (f64, f64)| {
            let outside = |x: &&f64| **x < low || **x > high;
            self.sorted.iter().filter(outside).count()
        };
        let severe = beyond(self.fences(3.0));
        (beyond(self.fences(1.5)) - severe, severe)
    }
}

/// A quantile of sorted values, between two of them by the straight line.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let at = part * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(samples: &[u64]) -> Statistics {
        let measured = Measured {
            first: 0,
            runs: 2,
            samples: samples.to_vec(),
        };
        Statistics::of(&measured).expect("samples")
    }

    #[test]
    fn the_numbers_are_those_of_the_textbook() {
        let s = of(&[4, 2, 8, 6, 200]);
        assert_eq!((s.median, s.mad), (3.0, 1.0));
        assert_eq!(s.mean, 22.0);
        assert!((s.deviation - 43.618).abs() < 1e-3, "{s:?}");
        assert_eq!((s.least(), s.most()), (1.0, 100.0));
        assert_eq!(s.outliers(), (0, 1));
        // Of so few samples, nothing better than all of them is known.
        assert_eq!(s.interval, (1.0, 100.0));
    }

    #[test]
    fn one_sample_is_all_there_is() {
        let s = of(&[10]);
        assert_eq!(
            (s.median, s.mad, s.deviation, s.interval),
            (5.0, 0.0, 0.0, (5.0, 5.0))
        );
    }

    #[test]
    fn the_interval_narrows_with_the_number_of_samples() {
        let width = |n: u64| {
            let s = of(&(0..n).map(|i| 1000 * i / n).collect::<Vec<_>>());
            s.interval.1 - s.interval.0
        };
        assert!(width(1000) < width(100) && width(100) < width(30));
        let s = of(&(0..100).collect::<Vec<_>>());
        // Ranks 40 and 60 of a hundred.
        assert_eq!(s.interval, (20.0, 30.0));
    }
}
