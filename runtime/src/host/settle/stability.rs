//! What looks in a row tell.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::picture::Picture;

/// For how long something has looked the same.
pub(super) struct UnchangedSince<T>(Option<(Instant, T)>);

impl<T> Default for UnchangedSince<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: PartialEq> UnchangedSince<T> {
    /// Looks at it again; `None` if it is no picture.
    pub(super) fn since(&mut self, now: Option<T>) -> Option<Duration> {
        self.0 = match (self.0.take(), now) {
            (Some((since, before)), Some(now)) if before == now => Some((since, before)),
            (_, now) => now.map(|now| (Instant::now(), now)),
        };
        self.0.as_ref().map(|(since, _)| since.elapsed())
    }
}

/// The threads of other cells that compute, by how many looks they have been seen to do so in a row.
#[derive(Debug, Default)]
pub(super) struct Computing(BTreeMap<i32, u32>);

impl Computing {
    /// Looks again; true if one computes for longer than it takes to find nothing to do. It may do so for the cell.
    pub(super) fn again(&mut self, picture: Option<&Picture>) -> bool {
        const LOOKS: u32 = 3;
        if let Some(picture) = picture {
            let before = std::mem::take(&mut self.0);
            let looks = |tid: &i32| before.get(tid).copied().unwrap_or(0) + 1;
            self.0 = picture
                .computing
                .iter()
                .map(|tid| (*tid, looks(tid)))
                .collect();
        }
        self.0.values().any(|looks| *looks >= LOOKS)
    }
}
