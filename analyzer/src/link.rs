//! The link to the kernel: the socket that it passed as standard input.
//!
//! Questions are read as they come, so that of many that came while one was answered, only the
//! last is worked on: the user has typed on meanwhile.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, channel};

use rustix::process::{Signal, getpid, kill_process_group};

use crate::frame::{read_frame, write_frame};
use crate::protocol::{Answer, Notebook, Place, Question};

/// The link.
#[derive(Debug)]
pub struct Link {
    stream: UnixStream,
    questions: Receiver<Question>,
}

/// What is to be done, of all that was asked meanwhile.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// What the notebook is by now, if that has changed.
    pub notebook: Option<Notebook>,
    /// The last question of its kind.
    pub complete: Option<(u64, Place)>,
    /// The last question of its kind.
    pub inspect: Option<(u64, Place)>,
    /// The numbers of earlier ones.
    pub superseded: Vec<u64>,
}

impl Link {
    /// Takes the link, and reads questions from it. When it closes, the kernel is gone, and this
    /// process ends with all that it started.
    pub fn open() -> io::Result<Self> {
        let stdin = std::io::stdin();
        let stream = UnixStream::from(std::os::fd::AsFd::as_fd(&stdin).try_clone_to_owned()?);
        stream
            .peer_addr()
            .map_err(|_| io::Error::other("this program is started by woozle's kernel"))?;
        let mut reader = stream.try_clone()?;
        let (sender, questions) = channel();
        std::thread::Builder::new()
            .name("link".to_owned())
            .spawn(move || {
                while let Ok(Some(question)) = read_frame(&mut reader) {
                    if sender.send(question).is_err() {
                        break;
                    }
                }
                // What evcxr started is in this group, and so is this process.
                let _ = kill_process_group(getpid(), Signal::KILL);
            })?;
        Ok(Self { stream, questions })
    }

    /// Waits for questions, and takes all that have come; `None` when the link is closed.
    pub fn next(&mut self) -> Option<Work> {
        let first = self.questions.recv().ok()?;
        let mut work = Work::default();
        work.add(first);
        while let Ok(question) = self.questions.try_recv() {
            work.add(question);
        }
        Some(work)
    }

    /// Sends an answer.
    pub fn send(&mut self, answer: &Answer) -> io::Result<()> {
        write_frame(&mut self.stream, answer)
    }
}

impl Work {
    fn add(&mut self, question: Question) {
        let earlier = match question {
            Question::Notebook(notebook) => {
                self.notebook = Some(notebook);
                None
            }
            Question::Complete { id, place } => self.complete.replace((id, place)),
            Question::Inspect { id, place } => self.inspect.replace((id, place)),
        };
        self.superseded.extend(earlier.map(|(id, _)| id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_question_of_a_kind_is_worked_on() {
        let place = |code: &str| Place {
            code: code.to_owned(),
            cursor: code.len(),
        };
        let notebook = |code: &str| Notebook {
            code: code.to_owned(),
            ..Notebook::default()
        };
        let mut work = Work::default();
        for question in [
            Question::Notebook(notebook("old")),
            Question::Complete {
                id: 1,
                place: place("p"),
            },
            Question::Inspect {
                id: 2,
                place: place("x"),
            },
            Question::Notebook(notebook("new")),
            Question::Complete {
                id: 3,
                place: place("pu"),
            },
            Question::Complete {
                id: 4,
                place: place("pus"),
            },
        ] {
            work.add(question);
        }
        assert_eq!(work.notebook, Some(notebook("new")));
        assert_eq!(work.complete, Some((4, place("pus"))));
        assert_eq!(work.inspect, Some((2, place("x"))));
        assert_eq!(work.superseded, [1, 3]);
    }
}
