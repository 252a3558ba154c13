//! Property tests: any steps on a queue, beside a model that is a plain list.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{GetError, Kind, PutError, Queue, TaskDoneError, kinds};
use crate::testing::Bunch;

#[derive(Clone, Copy, Debug)]
enum Step {
    Put(u32),
    Get,
    TaskDone,
    /// Looks whether all is done, without waiting.
    Join,
    ShutDown {
        immediate: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..100_u32).prop_map(Step::Put),
        8 => Just(Step::Get),
        4 => Just(Step::TaskDone),
        2 => Just(Step::Join),
        1 => any::<bool>().prop_map(|immediate| Step::ShutDown { immediate }),
    ]
}

/// What a queue is to be.
struct Model {
    name: &'static str,
    maxsize: usize,
    items: Vec<u32>,
    unfinished: usize,
    shut_down: bool,
}

impl Model {
    fn is_full(&self) -> bool {
        self.maxsize > 0 && self.items.len() >= self.maxsize
    }

    fn put(&mut self, item: u32) -> Result<(), PutError<u32>> {
        if self.shut_down {
            return Err(PutError::ShutDown(item));
        }
        if self.is_full() {
            return Err(PutError::Full(item));
        }
        self.items.push(item);
        self.unfinished += 1;
        Ok(())
    }

    fn get(&mut self) -> Result<u32, GetError> {
        let smallest = |items: &[u32]| (0..items.len()).min_by_key(|&i| items[i]);
        let next = match self.name {
            "Queue" => (!self.items.is_empty()).then_some(0),
            "LifoQueue" => self.items.len().checked_sub(1),
            _ => smallest(&self.items),
        };
        match next {
            Some(next) => Ok(self.items.remove(next)),
            None if self.shut_down => Err(GetError::ShutDown),
            None => Err(GetError::Empty),
        }
    }

    fn task_done(&mut self) -> Result<(), TaskDoneError> {
        self.unfinished = self.unfinished.checked_sub(1).ok_or(TaskDoneError)?;
        Ok(())
    }

    fn shut_down(&mut self, immediate: bool) {
        self.shut_down = true;
        if immediate {
            self.unfinished = self.unfinished.saturating_sub(self.items.len());
            self.items.clear();
        }
    }
}

/// Does the step to both.
fn compare(queue: &dyn Kind, model: &mut Model, step: Step) -> Result<(), TestCaseError> {
    match step {
        Step::Put(item) => prop_assert_eq!(queue.put_nowait(item), model.put(item)),
        Step::Get => prop_assert_eq!(queue.get_nowait(), model.get()),
        Step::TaskDone => prop_assert_eq!(queue.task_done(), model.task_done()),
        Step::Join => prop_assert_eq!(
            queue.join_timeout(std::time::Duration::ZERO),
            model.unfinished == 0
        ),
        Step::ShutDown { immediate } => {
            queue.shut_down(immediate);
            model.shut_down(immediate);
        }
    }
    prop_assert_eq!(queue.qsize(), model.items.len());
    prop_assert_eq!(queue.state(), (model.items.is_empty(), model.is_full()));
    Ok(())
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases: if cfg!(miri) { 3 } else { cases },
        // No files of failures beside the sources.
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn any_steps_agree_with_the_model(maxsize in 0..4_usize, steps in vec(step(), 0..60)) {
        for (name, queue) in kinds(maxsize) {
            let mut model = Model {
                name,
                maxsize,
                items: Vec::new(),
                unfinished: 0,
                shut_down: false,
            };
            for &step in &steps {
                compare(&*queue, &mut model, step)?;
            }
        }
    }
}

proptest! {
    #![proptest_config(config(50))]

    /// Nothing is lost, nothing comes twice, and what one thread puts comes out in its order.
    #[test]
    fn any_number_of_threads_at_both_ends(
        maxsize in 0..4_usize,
        counts in vec(0..40_usize, 1..4),
        consumers in 1..4_usize,
    ) {
        let queue = Queue::<(usize, usize)>::with_maxsize(maxsize);
        let source = queue.clone();
        let sizes = counts.clone();
        let producers = Bunch::start(counts.len(), move |thread| {
            (0..sizes[thread]).for_each(|n| source.put((thread, n)).unwrap());
        });
        let sink = queue.clone();
        let consumers = Bunch::start(consumers, move |_| sink.iter().collect::<Vec<_>>());
        producers.join();
        queue.shutdown();
        let got = consumers.join();
        for of_one in &got {
            for thread in 0..counts.len() {
                let numbers = of_one.iter().filter(|(from, _)| *from == thread);
                prop_assert!(numbers.is_sorted(), "{of_one:?}");
            }
        }
        let mut all: Vec<_> = got.into_iter().flatten().collect();
        all.sort_unstable();
        let put = |(thread, &n): (usize, &usize)| (0..n).map(move |i| (thread, i));
        prop_assert!(all.into_iter().eq(counts.iter().enumerate().flat_map(put)));
    }
}
