//! What the steps of a schedule are called.

use super::{Action, Kind, Reading};

impl Reading<'_> {
    /// What an action is called that nobody waits for.
    pub(super) fn told(&self, action: &Action) -> (Option<String>, Kind) {
        let (note, kind) = match action {
            Action::Load {
                object,
                order,
                value,
                newest,
            } => {
                let name = self.object(*object);
                let value = self.value(*object, *value);
                match newest {
                    None => (format!("{name} is {value}"), Kind::Plain),
                    Some(newest) => {
                        let stored = self.value(*object, newest.value);
                        let line = self.number(Some(&newest.place));
                        let line = line.map_or(String::new(), |line| format!(" in line {line}"));
                        let note = format!(
                            "{name} is {value}: {stored} was stored{line}, and {order} need not see it"
                        );
                        (note, Kind::Odd)
                    }
                }
            }
            Action::Store {
                object, old, value, ..
            } => {
                let name = self.object(*object);
                let value = self.value(*object, *value);
                let note = match old {
                    Some(old) => format!("{name}: {} → {value}", self.value(*object, *old)),
                    None => format!("{name} ← {value}"),
                };
                (note, Kind::Writes)
            }
            Action::Unchanged {
                method,
                object,
                value,
            } => {
                let value = self.value(*object, *value);
                let note = format!("{method} fails: {} is {value}", self.object(*object));
                (note, Kind::Plain)
            }
            Action::Fence(order) => (format!("fence {order}"), Kind::Plain),
            Action::Notify {
                method,
                object,
                waiting,
            } => match waiting {
                0 => (
                    format!("{method} of {}: nobody waits", self.object(*object)),
                    Kind::Odd,
                ),
                _ => (format!("{method}: {waiting} waiting"), Kind::Plain),
            },
            Action::TimedOut(object) => {
                let name = self.object(*object);
                (
                    format!("waits no longer for {name}: the time is over"),
                    Kind::Plain,
                )
            }
            Action::Spawn(thread) => (format!("starts {}", self.thread(*thread)), Kind::Plain),
            Action::Unpark(thread) => (format!("unparks {}", self.thread(*thread)), Kind::Plain),
            Action::Sleep(time) => (format!("sleeps {time}"), Kind::Plain),
            Action::Print(text) => (format!("prints {:?}", text.trim_end()), Kind::Plain),
            _ => return (None, Kind::Plain),
        };
        (Some(note), kind)
    }

    /// The value of an atomic, of the bits that it has.
    fn value(&self, object: u32, bits: u64) -> String {
        let kind = (object as usize).checked_sub(1);
        let kind = kind.and_then(|n| self.report.objects.get(n));
        match kind.map_or("", |object| &*object.kind) {
            "AtomicBool" => (bits != 0).to_string(),
            "AtomicPtr" => format!("{bits:#x}"),
            "AtomicI8" | "AtomicI16" | "AtomicI32" | "AtomicI64" | "AtomicIsize" => {
                bits.cast_signed().to_string()
            }
            _ => bits.to_string(),
        }
    }
}
