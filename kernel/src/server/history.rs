//! The inputs of this session and of those before it, in a database that all kernels share.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Params, Row};

use crate::system::private;
use crate::wire::content::{
    HistoryAccess, HistoryEntry, HistoryRequest, HistorySource, Range, Search, Tail,
};

/// How long to wait for another kernel that writes.
const PATIENCE: Duration = Duration::from_secs(2);

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS session (
        id INTEGER PRIMARY KEY AUTOINCREMENT
    );
    CREATE TABLE IF NOT EXISTS input (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session INTEGER NOT NULL REFERENCES session(id),
        line INTEGER NOT NULL,
        source TEXT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS input_of_session ON input (session, line);
";

/// What the cells were, oldest first. A session gets its number with its first cell.
#[derive(Debug)]
pub(super) struct History {
    database: Option<Connection>,
    session: Option<i64>,
}

impl History {
    /// Opens the database at `file`. Without one, or if it cannot be used, the history lives as
    /// long as the kernel.
    pub(super) fn open(file: Option<&Path>) -> Self {
        let kept = file.and_then(|file| {
            let opened = open_file(file);
            let warn = |error: &dyn std::error::Error| {
                let file = file.display();
                tracing::warn!(%error, %file, "the history is not kept: its file cannot be used");
            };
            opened.inspect_err(|error| warn(&**error)).ok()
        });
        let database = kept.or_else(|| {
            let opened = Connection::open_in_memory().and_then(prepare);
            opened
                .inspect_err(|error| tracing::error!(%error, "there is no history"))
                .ok()
        });
        Self {
            database,
            session: None,
        }
    }

    pub(super) fn push(&mut self, line: u32, source: &str) {
        if let Err(error) = self.try_push(line, source) {
            tracing::warn!(%error, "a cell is missing in the history");
        }
    }

    fn try_push(&mut self, line: u32, source: &str) -> rusqlite::Result<()> {
        let Some(database) = &self.database else {
            return Ok(());
        };
        let session = match self.session {
            Some(session) => session,
            None => {
                database.execute("INSERT INTO session DEFAULT VALUES", ())?;
                *self.session.insert(database.last_insert_rowid())
            }
        };
        database
            .prepare("INSERT INTO input (session, line, source) VALUES (?, ?, ?)")?
            .execute((session, line, source))?;
        Ok(())
    }

    pub(super) fn select(&self, request: &HistoryRequest) -> Vec<HistoryEntry> {
        let selected = match &request.access {
            HistoryAccess::Tail(tail) => self.tail(tail),
            HistoryAccess::Range(range) => self.range(range),
            HistoryAccess::Search(search) => self.search(search),
        };
        let mut entries = selected.unwrap_or_else(|error| {
            tracing::warn!(%error, "the history cannot be read");
            Vec::new()
        });
        if request.output {
            for HistoryEntry(_, _, source) in &mut entries {
                // Outputs are not kept; the protocol's word for that is null.
                if let HistorySource::Input(input) = source {
                    *source = HistorySource::WithOutput(std::mem::take(input), None);
                }
            }
        }
        entries
    }

    fn tail(&self, tail: &Tail) -> rusqlite::Result<Vec<HistoryEntry>> {
        let sql = "SELECT session, line, source FROM input ORDER BY id DESC LIMIT ?";
        let mut last = self.query(sql, (limit(tail.n),))?;
        last.reverse();
        Ok(last)
    }

    fn range(&self, range: &Range) -> rusqlite::Result<Vec<HistoryEntry>> {
        let Some(session) = self.session_of(range.session)? else {
            return Ok(Vec::new());
        };
        let start = range.start.unwrap_or(0);
        let stop = range.stop.unwrap_or(i64::MAX);
        let sql = "SELECT session, line, source FROM input
            WHERE session = ? AND line >= ? AND line < ? ORDER BY id";
        self.query(sql, (session, start, stop))
    }

    /// The session that a request means: 0 is this one, -1 the one before it.
    fn session_of(&self, number: i64) -> rusqlite::Result<Option<i64>> {
        if number > 0 {
            return Ok(Some(number));
        }
        if number == 0 {
            return Ok(self.session);
        }
        let Some(database) = &self.database else {
            return Ok(None);
        };
        let sql = "SELECT id FROM session WHERE id < ? ORDER BY id DESC LIMIT 1 OFFSET ?";
        let before = number.checked_neg().unwrap_or(i64::MAX) - 1;
        let found = database.query_row(sql, (self.session.unwrap_or(i64::MAX), before), |row| {
            row.get(0)
        });
        match found {
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            found => found.map(Some),
        }
    }

    fn search(&self, search: &Search) -> rusqlite::Result<Vec<HistoryEntry>> {
        let pattern = search.pattern.as_deref().unwrap_or("*");
        // The latest of equal inputs stays: `max` chooses the row that the other columns are of.
        let sql = if search.unique {
            "SELECT session, line, source, max(id) AS id FROM input
                WHERE source GLOB ? GROUP BY source ORDER BY id DESC LIMIT ?"
        } else {
            "SELECT session, line, source FROM input WHERE source GLOB ? ORDER BY id DESC LIMIT ?"
        };
        let mut found = self.query(sql, (pattern, limit(search.n)))?;
        found.reverse();
        Ok(found)
    }

    fn query(&self, sql: &str, parameters: impl Params) -> rusqlite::Result<Vec<HistoryEntry>> {
        let Some(database) = &self.database else {
            return Ok(Vec::new());
        };
        let mut statement = database.prepare(sql)?;
        let rows = statement.query_map(parameters, entry)?;
        rows.collect()
    }
}

/// SQLite takes a negative limit for none.
fn limit(n: Option<i64>) -> i64 {
    n.map_or(-1, |n| n.max(0))
}

fn entry(row: &Row<'_>) -> rusqlite::Result<HistoryEntry> {
    Ok(HistoryEntry(
        row.get(0)?,
        row.get(1)?,
        HistorySource::Input(row.get(2)?),
    ))
}

fn open_file(file: &Path) -> Result<Connection, Box<dyn std::error::Error>> {
    if let Some(folder) = file.parent() {
        private::folder(folder)?;
    }
    // What users type may be secret; SQLite's other files take this one's mode.
    private::file(file)?;
    Ok(prepare(Connection::open(file)?)?)
}

fn prepare(database: Connection) -> rusqlite::Result<Connection> {
    database.busy_timeout(PATIENCE)?;
    // Readers and a writer do not wait for each other, and no cell waits for the disk.
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "NORMAL")?;
    database.execute_batch(SCHEMA)?;
    Ok(database)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELLS: [&str; 4] = ["let a = 1;", "a + 1", "let b = 2;", "a + 1"];

    fn fill(history: &mut History) {
        for (line, source) in (1..).zip(CELLS) {
            history.push(line, source);
        }
    }

    fn history() -> History {
        let mut history = History::open(None);
        fill(&mut history);
        history
    }

    /// The sessions and lines that a request selects.
    fn places(history: &History, access: HistoryAccess) -> Vec<(i64, u32)> {
        let request = HistoryRequest {
            output: false,
            raw: true,
            access,
        };
        let entries = history.select(&request);
        let places = entries
            .iter()
            .map(|HistoryEntry(session, line, _)| (*session, *line));
        places.collect()
    }

    fn lines(access: HistoryAccess) -> Vec<u32> {
        let places = places(&history(), access);
        places.into_iter().map(|(_, line)| line).collect()
    }

    fn a_range(session: i64, start: Option<i64>, stop: Option<i64>) -> HistoryAccess {
        HistoryAccess::Range(Range {
            session,
            start,
            stop,
        })
    }

    fn a_search(pattern: &str, n: Option<i64>, unique: bool) -> HistoryAccess {
        let pattern = Some(pattern.to_owned());
        HistoryAccess::Search(Search { n, pattern, unique })
    }

    #[test]
    fn the_tail_is_the_last_cells() {
        let tail = |n| lines(HistoryAccess::Tail(Tail { n }));
        assert_eq!(tail(Some(2)), [3, 4]);
        assert_eq!(tail(Some(1000)), [1, 2, 3, 4]);
        assert_eq!(tail(None), [1, 2, 3, 4]);
        assert!(tail(Some(0)).is_empty());
        assert!(tail(Some(-1)).is_empty());
    }

    #[test]
    fn a_range_is_without_its_end() {
        let range = |start, stop| lines(a_range(0, start, stop));
        assert_eq!(range(Some(2), Some(4)), [2, 3]);
        assert_eq!(range(None, None), [1, 2, 3, 4]);
        assert_eq!(range(Some(3), None), [3, 4]);
        assert!(range(Some(4), Some(2)).is_empty());
    }

    #[test]
    fn a_search_takes_a_glob_of_the_whole_input() {
        let search = |pattern, n, unique| lines(a_search(pattern, n, unique));
        assert_eq!(search("let*", None, false), [1, 3]);
        assert_eq!(search("*a*", Some(2), false), [2, 4]);
        assert_eq!(search("a ? 1", None, false), [2, 4]);
        assert_eq!(search("a ? 1", None, true), [4]);
        assert!(search("a", None, false).is_empty());
        assert_eq!(search("*", None, true), [1, 3, 4]);
    }

    #[test]
    fn outputs_are_null() {
        let request = HistoryRequest {
            output: true,
            raw: true,
            access: HistoryAccess::Tail(Tail { n: Some(1) }),
        };
        let source = HistorySource::WithOutput("a + 1".to_owned(), None);
        assert_eq!(history().select(&request), [HistoryEntry(1, 4, source)]);
    }

    #[test]
    fn later_sessions_see_earlier_ones() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("below/history.sqlite");
        let mut first = History::open(Some(&file));
        fill(&mut first);
        // Two kernels at the same time are two sessions.
        let mut second = History::open(Some(&file));
        second.push(1, "second");
        first.push(5, "first again");
        drop(first);
        let third = History::open(Some(&file));
        let tail = HistoryAccess::Tail(Tail { n: Some(3) });
        assert_eq!(places(&third, tail), [(1, 4), (2, 1), (1, 5)]);
        assert_eq!(places(&third, a_range(-1, None, None)), [(2, 1)]);
        assert_eq!(places(&third, a_range(-2, Some(4), None)), [(1, 4), (1, 5)]);
        assert_eq!(places(&second, a_range(-1, Some(5), None)), [(1, 5)]);
        assert_eq!(places(&third, a_range(2, None, None)), [(2, 1)]);
        for nothing in [0, -3, i64::MIN, i64::MAX] {
            assert!(places(&third, a_range(nothing, None, None)).is_empty());
        }
    }

    #[test]
    fn a_file_that_is_no_database_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("history.sqlite");
        std::fs::write(&file, "not a database".repeat(100)).expect("written");
        let mut history = History::open(Some(&file));
        fill(&mut history);
        let tail = HistoryAccess::Tail(Tail { n: Some(1) });
        assert_eq!(places(&history, tail), [(1, 4)]);
        let left = std::fs::read_to_string(&file).expect("readable");
        assert!(left.starts_with("not a database"));
    }
}
