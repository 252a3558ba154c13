//! Commands: lines of a cell that begin with a colon, in evcxr's style.

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    /// `:dep name = "1"`: a crate is added, given by the value that Cargo.toml would have.
    Dep { name: String, value: String },
    /// `:help`: the commands are listed.
    Help,
    /// `:vars`: the variables and their types are listed.
    Vars,
    /// `:type name`: the type of a variable is shown.
    Type(String),
    /// `:explain E0382`: what rustc has to say about an error code.
    Explain(String),
    /// `:undo`: back to before the last cell.
    Undo,
    /// `:checkpoint name`: the session as it is now is kept.
    Checkpoint(String),
    /// `:rollback name`: back to what was kept.
    Rollback(String),
    /// `:limit memory 4G`: what each process may allocate, `none` for no limit; without a size it is shown.
    Limit(Option<Option<u64>>),
    /// One that is written wrongly, with what to write.
    Wrong(String),
}

/// The commands, with what they do.
pub(super) const KNOWN: &[(&str, &str)] = &[
    (
        "dep",
        "adds a crate: `:dep name = \"1.2\"`, as Cargo.toml has it",
    ),
    ("vars", "lists the variables and their types"),
    ("type", "shows the type of a variable: `:type name`"),
    ("explain", "explains an error code: `:explain E0382`"),
    (
        "limit",
        "limits what each process may allocate: `:limit memory 4G`, or `none`",
    ),
    ("undo", "goes back to before the last cell"),
    (
        "checkpoint",
        "keeps the session as it is now: `:checkpoint name`",
    ),
    ("rollback", "goes back to a checkpoint: `:rollback name`"),
    ("help", "lists the commands"),
];

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
    let rest = rest.trim();
    match word {
        "dep" => dep(rest),
        "help" => Command::Help,
        "vars" => Command::Vars,
        "type" if is_name(rest) => Command::Type(rest.to_owned()),
        "type" => Command::Wrong("`:type` takes the name of a variable: `:type v`".to_owned()),
        "explain" if is_code(rest) => Command::Explain(rest.to_uppercase()),
        "explain" => Command::Wrong("`:explain` takes an error code: `:explain E0382`".to_owned()),
        "limit" => limit(rest),
        "undo" if rest.is_empty() => Command::Undo,
        "undo" => {
            Command::Wrong("`:undo` takes back the last cell and needs nothing more".to_owned())
        }
        "checkpoint" if is_name(rest) => Command::Checkpoint(rest.to_owned()),
        "rollback" if is_name(rest) => Command::Rollback(rest.to_owned()),
        "checkpoint" | "rollback" => {
            Command::Wrong(format!("`:{word}` takes a name: `:{word} before_the_test`"))
        }
        _ => Command::Wrong(unknown(word)),
    }
}

fn limit(rest: &str) -> Command {
    let mut words = rest.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some("memory") | None, None, None) => Command::Limit(None),
        (Some("memory"), Some("none"), None) => Command::Limit(Some(None)),
        (Some("memory"), Some(text), None) if bytes(text).is_some() => {
            Command::Limit(Some(bytes(text)))
        }
        _ => Command::Wrong(
            "`:limit` takes a size or `none`: `:limit memory 4G`, `:limit memory 500M`".to_owned(),
        ),
    }
}

/// A size such as `4G`.
fn bytes(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text[digits.len()..].to_uppercase();
    let shift = match unit
        .strip_suffix("IB")
        .or(unit.strip_suffix('B'))
        .unwrap_or(&unit)
    {
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return None,
    };
    let number: u64 = digits.parse().ok()?;
    number.checked_mul(1 << shift).filter(|bytes| *bytes > 0)
}

fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    !text.is_empty() && text.chars().all(is_part)
}

fn is_code(text: &str) -> bool {
    let digits = text.strip_prefix(['E', 'e']).unwrap_or_default();
    digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// There is no such command; perhaps another one was meant.
fn unknown(word: &str) -> String {
    let like = KNOWN
        .iter()
        .map(|(name, _)| (strsim::damerau_levenshtein(name, word), name))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    match like {
        Some((_, name)) => format!("there is no command `:{word}`; did you mean `:{name}`?"),
        None => format!("there is no command `:{word}`; `:help` lists those that there are"),
    }
}

fn dep(rest: &str) -> Command {
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
