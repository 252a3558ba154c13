//! What a cell's time is spent on: `:timing` and `%%time`.

use std::time::Duration;

use woozle::protocol::Timing;

use crate::compiler::profile::Times;

/// The line of `:timing`.
pub(crate) fn line(compiled: &Times, ran: &Timing) -> String {
    let of = |duration: Duration| shown(duration.as_nanos() as f64);
    let runs = match compiled.runs {
        0 | 1 => String::new(),
        n => format!(" in {n} runs"),
    };
    let (load, run) = (
        Duration::from_nanos(ran.load),
        Duration::from_nanos(ran.run),
    );
    let sum = compiled.parse + compiled.plan + compiled.rustc + load + run;
    format!(
        "timing: {} = parse {} + plan {} + rustc {}{runs}, of which link {} + load {} + run {}\n",
        of(sum),
        of(compiled.parse),
        of(compiled.plan),
        of(compiled.rustc),
        of(compiled.linking),
        of(load),
        of(run),
    )
}

/// The line of `%%time`.
pub(crate) fn time(ran: &Timing) -> String {
    let (run, cpu) = (ran.run as f64, ran.cpu as f64);
    format!("time: {}, processor time: {}\n", shown(run), shown(cpu))
}

/// A time in nanoseconds, with three or four figures and the unit that suits it.
pub(crate) fn shown(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n => (n / 1e9, "s"),
    };
    let digits = match value {
        v if v < 10.0 => 3,
        v if v < 100.0 => 2,
        v if v < 1000.0 => 1,
        _ => 0,
    };
    format!("{value:.digits$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_the_unit_that_suits_them() {
        for (nanoseconds, text) in [
            (0.0, "0.000 ns"),
            (12.345, "12.35 ns"),
            (999.4, "999.4 ns"),
            (1234.0, "1.234 µs"),
            (45_678_000.0, "45.68 ms"),
            (3.5e9, "3.500 s"),
            (7200e9, "7200 s"),
        ] {
            assert_eq!(shown(nanoseconds), text);
        }
    }

    #[test]
    fn all_steps_are_named() {
        let ms = Duration::from_millis;
        let times = Times {
            parse: ms(1),
            plan: ms(2),
            rustc: ms(80),
            linking: ms(14),
            runs: 2,
        };
        let ran = Timing {
            load: 500_000,
            run: 16_500_000,
            cpu: 0,
        };
        assert_eq!(
            line(&times, &ran),
            "timing: 100.0 ms = parse 1.000 ms + plan 2.000 ms + rustc 80.00 ms in 2 runs, of which \
             link 14.00 ms + load 500.0 µs + run 16.50 ms\n"
        );
    }
}
