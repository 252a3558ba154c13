//! Calls of the pool, tasks that die, and pools that come and go.

use crate::attack::session::{Attack, Step, ensure};

/// Calls whose value is the sum of twice the numbers below `count`.
const CALLS: [&str; 7] = [
    "pool.map(twice, 0..COUNT)?.iter().sum::<u64>()",
    "pool.imap(twice, 0..COUNT).map(Result::unwrap).sum::<u64>()",
    "pool.imap_unordered(twice, 0..COUNT).map(Result::unwrap).sum::<u64>()",
    "pool.starmap(sum, (0..COUNT).map(|n| (n, n)))?.iter().sum::<u64>()",
    "pool.chunksize(7)?.map(twice, 0..COUNT)?.iter().sum::<u64>()",
    "(0..COUNT).map(|n| pool.apply_async(twice, (n,))).collect::<Vec<_>>().into_iter().map(|result| result.get().unwrap()).sum::<u64>()",
    "processes.map(twice, 0..COUNT).map(Result::unwrap).sum::<u64>()",
];

impl Attack {
    pub(in crate::attack) fn map(&mut self) -> Step {
        let count = 1 + self.numbers.below(3000);
        let call = self
            .numbers
            .one_of(&CALLS)
            .replace("COUNT", &format!("{count}_u64"));
        self.call(&call, &(count * (count - 1)).to_string())
    }

    fn call(&mut self, call: &str, gives: &str) -> Step {
        self.tally.pool_calls += 1;
        let cell = self.fine(call)?;
        ensure(cell.result.as_deref() == Some(gives), || {
            format!("{call}: {cell:?}")
        })
    }

    /// A task that ends its worker costs itself alone.
    pub(in crate::attack) fn task_dies(&mut self) -> Step {
        let how = self.numbers.below(5);
        self.call(
            &format!("pool.imap(|n: u64| dies(n, {how}), 0..20_u64).map(|result| result.is_err()).enumerate().filter(|(_, died)| *died).map(|(n, _)| n).collect::<Vec<_>>()"),
            "[7]",
        )?;
        self.call(
            &format!("pool.starmap(dies, (0..20_u64).map(|n| (n, {how}))).is_err()"),
            "true",
        )?;
        self.tools()
    }

    /// A pool in the place of the one that is there, whose workers end.
    pub(in crate::attack) fn renew_pool(&mut self) -> Step {
        self.fine("pool = mp::Pool::new(2)?;")?;
        self.tools()
    }

    /// Tasks that are under way while the next cells run.
    pub(in crate::attack) fn leave_tasks(&mut self) -> Step {
        self.tally.pool_calls += 1;
        let count = 10 + self.numbers.below(200);
        self.fine(&format!("let left = pool.map_async(nap, 0..{count}_u64);"))?;
        Ok(())
    }
}
