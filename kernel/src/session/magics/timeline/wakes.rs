//! Who woke whom.

use std::collections::BTreeMap;

use super::lanes::{Reading, Wait};
use super::picture::{SLACK, State, Wake};

/// A thread may begin so long before the one that starts it has noted that. Of those that ended earlier, another one may have
/// had its handle.
const LATE: u64 = 1_000_000_000 + 10 * SLACK;

impl Reading<'_> {
    /// Finds for each wake the waits that it has ended.
    pub(super) fn note_wakes(&mut self) {
        let mut wakes = std::mem::take(&mut self.wakes);
        wakes.sort_by_key(|wake| wake.at);
        for waits in self.waits.values_mut() {
            waits.sort_by_key(|wait| wait.time.1);
        }
        // Of each object, the first wait that a wake may end.
        let mut first: BTreeMap<(i32, u64), usize> = BTreeMap::new();
        for wake in wakes {
            let object = (wake.process, wake.object);
            let Some(waits) = self.waits.get(&object) else {
                continue;
            };
            let first = first.entry(object).or_default();
            while waits
                .get(*first)
                .is_some_and(|wait| wait.time.1 + SLACK < wake.at)
            {
                *first += 1;
            }
            let lanes = &mut self.picture.lanes;
            let mut left = wake.count;
            for Wait {
                lane,
                segment,
                time,
            } in waits[*first..].iter().copied()
            {
                let woken = &lanes[lane].segments[segment];
                if left == 0 {
                    break;
                }
                let has_begun = time.0 <= wake.at + SLACK;
                if lane == wake.lane || woken.woken_by.is_some() || !has_begun {
                    continue;
                }
                left -= 1;
                let woken = &mut lanes[lane].segments[segment];
                woken.woken_by = Some((wake.lane, wake.place.clone()));
                let state = woken.state;
                self.picture.wakes.push(Wake {
                    from: (wake.lane, wake.at.min(time.1)),
                    to: (lane, time.1),
                    state,
                    lock: None,
                });
            }
        }
        self.note_joins();
    }

    /// Notes where threads were started.
    pub(super) fn note_starts(&mut self) {
        let mut starts = std::mem::take(&mut self.starts);
        starts.sort_by_key(|start| start.at);
        for start in starts {
            let threads = self.threads.iter().zip(&mut self.picture.lanes);
            let mut started = threads.filter(|((process, handle, ..), lane)| {
                (*process, *handle) == (start.process, start.handle)
                    && lane.time.start + LATE >= start.at
                    && lane.started.is_none()
            });
            if let Some((_, lane)) = started.next() {
                lane.started = start.place;
            }
        }
    }

    /// A thread that ends wakes the one that waits for that.
    fn note_joins(&mut self) {
        let waits = std::mem::take(&mut self.waits);
        let each =
            |(object, waits): (_, Vec<Wait>)| waits.into_iter().map(move |wait| (object, wait));
        for ((process, object), Wait { lane, segment, .. }) in waits.into_iter().flat_map(each) {
            let waits = &self.picture.lanes[lane].segments[segment];
            if waits.state != State::WaitsForEnd || waits.woken_by.is_some() {
                continue;
            }
            let end = waits.time.end;
            let ended = (0..self.threads.len()).filter(|other| {
                let (of, handle, ..) = &self.threads[*other];
                (*of, *handle) == (process, object)
                    && self.picture.lanes[*other].time.end <= end + SLACK
            });
            let Some(other) = ended.max_by_key(|other| self.picture.lanes[*other].time.end) else {
                continue;
            };
            let (label, at) = (
                self.picture.lanes[other].label.clone(),
                self.picture.lanes[other].time.end,
            );
            let waits = &mut self.picture.lanes[lane].segments[segment];
            waits.woken_by = Some((other, None));
            waits.what = format!("waits for the end of {label}");
            self.picture.wakes.push(Wake {
                from: (other, at.min(end)),
                to: (lane, end),
                state: State::WaitsForEnd,
                lock: None,
            });
        }
    }
}
