//! The environment of a new process, and its limits: those of the session, which may have changed since the forkserver was
//! started.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;

use rustix::process::{Pid, Resource, Rlimit, getrlimit};

/// The variables that there were at some time.
#[derive(Debug)]
pub(in crate::multiprocessing) struct Environment(BTreeMap<OsString, OsString>);

/// Variables with their new values; with none if there is no such variable any more.
pub(in crate::multiprocessing) type Changes = Vec<(OsString, Option<OsString>)>;

impl Environment {
    /// Those that there are now.
    pub(in crate::multiprocessing) fn now() -> Self {
        Self(env::vars_os().collect())
    }

    pub(in crate::multiprocessing) fn variables(&self) -> &BTreeMap<OsString, OsString> {
        &self.0
    }

    /// What has changed since then.
    pub(in crate::multiprocessing) fn changes(&self) -> Changes {
        self.changes_to(Self::now())
    }

    fn changes_to(&self, now: Self) -> Changes {
        let gone = self.0.keys().filter(|name| !now.0.contains_key(*name));
        let gone: Vec<_> = gone.map(|name| (name.clone(), None)).collect();
        let set = now.0.into_iter();
        let set = set.filter(|(name, value)| self.0.get(name) != Some(value));
        gone.into_iter()
            .chain(set.map(|(name, value)| (name, Some(value))))
            .collect()
    }
}

/// Makes such changes in this process.
///
/// # Safety
/// There is one thread.
pub(in crate::multiprocessing) unsafe fn apply(changes: Changes) {
    for (name, value) in changes {
        match value {
            // SAFETY: there is one thread, says the caller.
            Some(value) => unsafe { env::set_var(name, value) },
            // SAFETY: as above.
            None => unsafe { env::remove_var(name) },
        }
    }
}

/// The limit of a process's private writable memory: so many bytes, as far as the system lets this process have them; `None`: as
/// many as it does.
pub(crate) fn memory_limit(bytes: Option<u64>) -> Rlimit {
    let Rlimit { maximum, .. } = getrlimit(Resource::Data);
    let current = match (bytes, maximum) {
        (Some(bytes), Some(maximum)) => Some(bytes.min(maximum)),
        (bytes, maximum) => bytes.or(maximum),
    };
    Rlimit { current, maximum }
}

/// Gives this process the limits that another one has now. What it has no right to raise stays.
pub(in crate::multiprocessing) fn take_limits(of: Pid) {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    let of = of.as_raw_nonzero().get();
    for resource in 0.. {
        // SAFETY: `limit` is valid for the answer, and to read.
        unsafe {
            if libc::prlimit(of, resource, std::ptr::null(), &raw mut limit) != 0 {
                return; // there are no more
            }
            libc::setrlimit(resource, &raw const limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let variables = variables.iter();
        Environment(
            variables
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect(),
        )
    }

    #[test]
    fn what_is_new_other_or_gone_is_a_change() {
        let then = environment(&[("SAME", "1"), ("OTHER", "1"), ("GONE", "1")]);
        let now = environment(&[("SAME", "1"), ("OTHER", "2"), ("NEW", "")]);
        let changes = then.changes_to(now);
        let change = |name: &str, value: Option<&str>| (name.into(), value.map(OsString::from));
        assert_eq!(
            changes,
            [
                change("GONE", None),
                change("NEW", Some("")),
                change("OTHER", Some("2"))
            ]
        );
        assert_eq!(Environment::now().changes(), []);
    }
}
