//! `woozle run`: runs a notebook from the first cell to the last.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::CliError;
use super::exit::Exit;
use super::install::this_program;
use super::prepare;
use super::terminal::print_note;
use crate::jupyter::kernelspec::LANGUAGE;
use crate::notebook::{self, Document, DocumentError, End, LinkError, Options, Screen, Target};

/// A client has little to do.
const THREADS: usize = 2;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The notebook
    notebook: PathBuf,
    /// Write the notebook with its results to FILE (also when a cell fails)
    #[arg(long, short, value_name = "FILE", conflicts_with = "inplace")]
    output: Option<PathBuf>,
    /// Write the results into NOTEBOOK itself, once the whole run has gone well
    #[arg(long)]
    inplace: bool,
    /// Go on after a cell has failed
    #[arg(long)]
    allow_errors: bool,
    /// How long a cell may take; without it there is no limit
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Have `:dep` fail unless it gives the versions in `woozle.lock` beside NOTEBOOK (`:deps lock` writes that)
    #[arg(long)]
    locked: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "a number of seconds is expected".to_owned())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("more than 0 seconds are expected".to_owned()),
    }
}

pub(super) fn main(args: Args) -> Result<Exit, CliError> {
    // All that can be wrong with the input is found before anything runs.
    let mut document = read(&args.notebook)?;
    let wanted = if args.inplace {
        Some(&args.notebook)
    } else {
        args.output.as_ref()
    };
    let mut target = wanted.map(|path| target(path)).transpose()?;
    let cwd = folder(&args.notebook)?;
    let program = this_program()?;

    prepare::runtime()?;
    let options = Options {
        allow_errors: args.allow_errors,
        timeout: args.timeout,
        locked: args.locked,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build()
        .map_err(|error| CliError::new(Exit::Kernel, "the kernel", error))?;
    let cells = document.code_cells().len();
    let mut screen = match target {
        // The notebook alone goes there.
        Some(Target::Stdout) => {
            Screen::plain(cells, Box::new(io::stderr()), Box::new(io::stderr()))
        }
        _ => Screen::new(cells),
    };
    let end = runtime
        .block_on(notebook::run(
            &mut document,
            &program,
            &cwd,
            &options,
            &mut screen,
        ))
        .map_err(no_kernel)?;
    drop(screen);

    let result = outcome(end);
    match &mut target {
        Some(target) if result.is_ok() || !args.inplace => write(&document, target)?,
        Some(target) => print_note(format_args!(
            "{} is left as it was",
            target.path().display()
        )),
        None => {}
    }
    result.map(|()| Exit::Ok)
}

fn read(path: &Path) -> Result<Document, CliError> {
    let document = Document::read(path).map_err(|error| {
        let help = match &error {
            DocumentError::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "check the path"
            }
            DocumentError::Read { .. } => "give the path of a notebook that you may read",
            DocumentError::NotJson(_) | DocumentError::NotANotebook(_) => {
                "give the path of a Jupyter notebook (.ipynb), whole and undamaged"
            }
            DocumentError::TooOld(_) => {
                "open it in Jupyter and save it again, which brings it to format 4"
            }
            DocumentError::TooNew(_) => {
                "`jupyter nbconvert --to notebook --nbformat 4` brings it to format 4"
            }
        };
        CliError::new(Exit::BadInput, path.display(), error).help(help)
    })?;
    for what in document.notes() {
        print_note(format_args!("note: {}: {what}", path.display()));
    }
    match document.language() {
        Some(language) if !language.eq_ignore_ascii_case(LANGUAGE) => {
            let why = format!("its language is {language}, and this kernel runs Rust");
            Err(CliError::new(Exit::BadInput, path.display(), why)
                .help("choose the kernel `Rust (Woozle)` in JupyterLab and save it"))
        }
        _ => Ok(document),
    }
}

fn target(path: &Path) -> Result<Target, CliError> {
    Target::open(path).map_err(|error| {
        CliError::new(Exit::BadInput, path.display(), error)
            .help("nothing was run; give an output file in a folder that exists and can be written")
    })
}

/// The notebook's folder, in which its cells run, as with nbconvert and JupyterLab.
fn folder(path: &Path) -> Result<PathBuf, CliError> {
    let whole = path
        .canonicalize()
        .map_err(|error| CliError::new(Exit::BadInput, path.display(), error))?;
    Ok(whole.parent().map(Path::to_owned).unwrap_or(whole))
}

fn write(document: &Document, target: &mut Target) -> Result<(), CliError> {
    let name = target.path().to_owned();
    let help = match target {
        Target::File(_) => "the file is as it was before; check the disk's free space",
        Target::Stream(..) | Target::Stdout => {
            "a part may have been written; give --output a file, which gets all or nothing"
        }
    };
    let text = document.to_json().map_err(io::Error::other);
    text.and_then(|text| target.write(&text))
        .map_err(|error| CliError::new(Exit::System, name.display(), error).help(help))?;
    print_note(format_args!("Wrote {}", name.display()));
    Ok(())
}

fn no_kernel(error: LinkError) -> CliError {
    let help = match &error {
        LinkError::DiedAtStart(_) => "see its message above; `woozle doctor` checks what it needs",
        _ => "`woozle doctor` checks what the kernel needs; WOOZLE_LOG=debug shows more",
    };
    CliError::new(Exit::Kernel, "the kernel", error).help(help)
}

/// Anything but a complete run is told as an error.
fn outcome(end: End) -> Result<(), CliError> {
    Err(match end {
        End::Completed => return Ok(()),
        End::Failed { cell, error } => {
            let why = if error.evalue.is_empty() {
                error.ename
            } else {
                format!("{}: {}", error.ename, error.evalue)
            };
            CliError::new(Exit::CellFailed, format!("cell [{cell}] failed"), why)
                .help("the cells after it were not run; --allow-errors goes on, and so does the cell tag `raises-exception`")
        }
        End::TimedOut { cell } => CliError::new(
            Exit::Timeout,
            format!("cell [{cell}]"),
            "it took longer than --timeout, and was interrupted",
        )
        .help("give it more time, or none at all to run without a limit"),
        End::Interrupted => {
            CliError::new(Exit::Interrupted, "interrupted", "the kernel was shut down")
        }
        End::Died { cell, status } => CliError::new(
            Exit::Kernel,
            format!("cell [{cell}]"),
            format!("the kernel died ({status})"),
        )
        .help("WOOZLE_LOG=debug shows what it did last"),
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    use super::*;
    use crate::wire::content::ReplyError;

    #[test]
    fn each_end_has_its_exit_code_and_names_the_cell() {
        assert!(outcome(End::Completed).is_ok());
        let table = [
            (
                End::Failed {
                    cell: 3,
                    error: ReplyError::new("E0425", "no `x`"),
                },
                Exit::CellFailed,
                "cell [3] failed: E0425: no `x`",
            ),
            (
                End::Failed {
                    cell: 3,
                    error: ReplyError::new("Panic", ""),
                },
                Exit::CellFailed,
                "cell [3] failed: Panic\n",
            ),
            (
                End::TimedOut { cell: 2 },
                Exit::Timeout,
                "cell [2]: it took longer",
            ),
            (End::Interrupted, Exit::Interrupted, "interrupted"),
            (
                End::Died {
                    cell: 4,
                    status: ExitStatus::from_raw(9),
                },
                Exit::Kernel,
                "cell [4]: the kernel died (signal: 9",
            ),
        ];
        for (end, exit, part) in table {
            let error = outcome(end).expect_err(part);
            assert_eq!(error.exit(), exit, "{part}");
            assert!(error.to_string().contains(part), "{error}");
        }
    }

    #[test]
    fn a_timeout_is_a_positive_number_of_seconds() {
        assert_eq!(seconds("2.5"), Ok(Duration::from_millis(2500)));
        for bad in ["", "0", "-1", "nan", "inf", "1e300", "soon"] {
            assert!(seconds(bad).is_err(), "{bad:?}");
        }
    }
}
