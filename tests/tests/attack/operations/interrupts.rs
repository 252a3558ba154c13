//! Interrupts at any moment, in whatever a cell does.

#![expect(
    clippy::disallowed_methods,
    reason = "the moment of an attack is a time"
)]

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::attack::answer::text;
use crate::attack::part::QUIET;
use crate::attack::session::{Attack, Step, ensure};
use crate::attack::tally::{Failure, Kind};

/// What a cell does when it is interrupted. None of these comes to its end soon.
const WORK: [&str; 13] = [
    "for n in 0..20_000_000_000_u64 { std::hint::black_box(n); }",
    "std::thread::sleep(Duration::from_secs(1000));",
    "woozle::threading::Event::new().wait();",
    "pool.map(nap, 0..20_000_u64)?;",
    "pool.imap_unordered(nap, 0..20_000_u64).count();",
    // What an executor was given goes on, as in Python, so each task is short.
    "for n in 0..10_000_u64 { processes.submit(nap, (n,)).result()?; }",
    "for n in 0..10_000_u64 { threads.submit(move || nap(n)).result()?; }",
    "for n in 0..10_000_u64 { compute.submit(move || nap(n)).result()?; }",
    "mp::Queue::<u64>::new()?.get()?;",
    "{ let (_send, receive) = mpsc::channel::<u8>(); let _ = receive.recv(); }",
    "spin();",
    "std::thread::spawn(spin).join().unwrap();",
    "woozle::input(\"How much honey? \")?;",
];

/// How long a cell may go on after an interrupt, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

impl Attack {
    pub(in crate::attack) fn interrupt(&mut self) -> Step {
        self.tally.interrupts += 1;
        let work = *self.numbers.one_of(&WORK);
        let change = self.draw_change(&QUIET);
        let place = change.place(&mut self.numbers);
        let (is_inside, twice) = (self.numbers.chance(50), self.numbers.chance(25));
        let moment = self.numbers.moment(if is_inside { 150 } else { 500 });
        let request = self.send(&change.code(place, work));
        if is_inside {
            self.session
                .wait_for(&request, |cell| !cell.stdout.is_empty());
        } else {
            self.session
                .wait_for(&request, |cell| cell.number.is_some());
        }
        // The moment is what this is about.
        sleep(moment);
        let interrupted = Instant::now();
        if twice {
            self.session.interrupt_twice();
        } else {
            self.session.interrupt();
        }
        let cell = self.finish(&request);
        let took = interrupted.elapsed();
        if took > PATIENCE {
            let what = format!("an interrupt takes {took:?} in {work}");
            let kind = Kind::Hang;
            return Err(Failure { kind, what });
        }
        let said = text(&cell);
        ensure(said.contains("KeyboardInterrupt"), || {
            format!("no interrupt of {work}: {said}")
        })?;
        ensure(change.printed().starts_with(&cell.stdout), || {
            format!("it prints {:?}", cell.stdout)
        })?;
        let mut through = change.through(&self.state);
        through.truncate(place + 1);
        let left = self.left_by(&cell, through)?;
        ensure(left.len() > 1 || left[0] == self.state || self.dear, || {
            format!("it went further back: {said}")
        })?;
        self.settle(&cell, &left)?;
        self.tools()
    }
}
