//! Completion and documentation for cells, by evcxr's analysis, which has rust-analyzer inside.
//!
//! A process of its own, started by the kernel: rust-analyzer takes minutes to compile and much
//! memory, and whatever becomes of it here, the kernel goes on.
//!
//! | part | module |
//! |---|---|
//! | what kernel and analyzer say to each other | [`protocol`], in frames of [`frame`] |
//! | the link to the kernel, and which questions still matter | [`link`] |
//! | evcxr's context, asked for completions and pages | [`analysis`] |
//! | the crates that cells can name, for evcxr | [`crates`] |
//! | the words for evcxr's answers | [`words`] |

mod analysis;
mod crates;
#[path = "../../runtime/src/protocol/frame.rs"]
mod frame;
mod link;
mod protocol;
mod words;

use std::process::ExitCode;

use analysis::Analysis;
use link::Link;
use protocol::Answer;

fn main() -> ExitCode {
    // evcxr starts this program again, as its runner and as its wrapper of rustc.
    evcxr::runtime_hook();
    let result = Link::open().and_then(|mut link| serve(&mut link));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("woozle-analyzer: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers until the kernel closes the link.
fn serve(link: &mut Link) -> std::io::Result<()> {
    let folder = std::env::current_dir()?;
    let mut analysis = Analysis::start(&folder).map_err(std::io::Error::other)?;
    let mut is_ready = false;
    while let Some(work) = link.next() {
        if let Some(notebook) = work.notebook {
            analysis.learn(notebook).map_err(std::io::Error::other)?;
        }
        if !std::mem::replace(&mut is_ready, true) {
            analysis.warm_up();
            link.send(&Answer::Ready)?;
        }
        for id in work.superseded {
            let reason = "there is a later question".to_owned();
            link.send(&Answer::None { id, reason })?;
        }
        if let Some((id, place)) = work.complete {
            link.send(&match analysis.complete(&place) {
                Ok(completions) => Answer::Completions { id, completions },
                Err(reason) => Answer::None { id, reason },
            })?;
        }
        if let Some((id, place)) = work.inspect {
            link.send(&match analysis.inspect(&place) {
                Ok(page) => Answer::Page { id, page },
                Err(reason) => Answer::None { id, reason },
            })?;
        }
    }
    Ok(())
}
