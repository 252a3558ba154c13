//! What can be done to a session, and how often each is.

mod cells;
mod change;
mod going_back;
mod interrupts;
mod kills;
mod pools;

use crate::support::numbers::Numbers;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::attack) enum Operation {
    Change,
    Panic,
    Fault,
    Burst,
    Interrupt,
    Refused,
    Redefine,
    Headless,
    Bomb,
    Undo,
    Checkpoint,
    Rollback,
    Map,
    TaskDies,
    RenewPool,
    LeaveTasks,
    KillHost,
    KillCopies,
    KillForkserver,
    KillWorkers,
    KillStandby,
    KillAll,
    KillMeanwhile,
}

const WEIGHTS: [(Operation, usize); 23] = [
    (Operation::Change, 12),
    (Operation::Panic, 4),
    (Operation::Fault, 18),
    (Operation::Burst, 2),
    (Operation::Interrupt, 14),
    (Operation::Refused, 2),
    (Operation::Redefine, 4),
    (Operation::Headless, 3),
    (Operation::Bomb, 1),
    (Operation::Undo, 7),
    (Operation::Checkpoint, 4),
    (Operation::Rollback, 7),
    (Operation::Map, 6),
    (Operation::TaskDies, 4),
    (Operation::RenewPool, 2),
    (Operation::LeaveTasks, 4),
    (Operation::KillHost, 3),
    (Operation::KillCopies, 3),
    (Operation::KillForkserver, 3),
    (Operation::KillWorkers, 3),
    (Operation::KillStandby, 3),
    (Operation::KillAll, 1),
    (Operation::KillMeanwhile, 6),
];

impl Operation {
    pub(in crate::attack) fn draw(numbers: &mut Numbers) -> Self {
        let sum = WEIGHTS.iter().map(|(_, weight)| weight).sum();
        let mut drawn = numbers.below(sum);
        for (operation, weight) in WEIGHTS {
            if drawn < weight {
                return operation;
            }
            drawn -= weight;
        }
        unreachable!("the sum of the weights is above what was drawn")
    }
}
