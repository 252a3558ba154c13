//! Commands: lines of a cell that begin with a colon, in evcxr's style.

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    /// `:dep name = "1"`: a crate is added, given by the value that Cargo.toml would have.
    Dep { name: String, value: String },
    /// One that we do not know.
    Unknown(String),
    /// One that is written wrongly, with what to write.
    Wrong(String),
}

/// The commands, with what they do.
pub(super) const KNOWN: &[(&str, &str)] = &[(
    "dep",
    "adds a crate: `:dep name = \"1.2\"`, as Cargo.toml has it",
)];

/// Takes the commands out of a cell's text; their lines stay, as blanks.
pub(super) fn take(text: &str) -> (Vec<Command>, String) {
    let mut commands = Vec::new();
    let mut code = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match line.strip_prefix(':').filter(|rest| !rest.starts_with(':')) {
            Some(command) => {
                commands.push(parse(command.trim()));
                code.extend(line.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            }
            None => code.push_str(line),
        }
    }
    (commands, code)
}

fn parse(command: &str) -> Command {
    let (word, rest) = command
        .split_once(char::is_whitespace)
        .unwrap_or((command, ""));
    if word != "dep" {
        return Command::Unknown(word.to_owned());
    }
    let (name, value) = match rest.split_once('=') {
        Some((name, value)) => (name.trim(), value.trim()),
        None => (rest.trim(), "\"*\""),
    };
    let is_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let good = !name.is_empty() && name.chars().all(is_name);
    if good && value.parse::<toml_edit::Value>().is_ok() {
        Command::Dep {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    } else {
        Command::Wrong(
            "`:dep` takes a crate as Cargo.toml does: `:dep name = \"1.2\"`, or `:dep name = { version = \"1.2\", features = [\"x\"] }`"
                .to_owned(),
        )
    }
}

#[cfg(test)]
mod tests;
