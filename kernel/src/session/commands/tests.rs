//! What is a command and what is code.

use super::{Command, take};

fn dep(name: &str, value: &str) -> Command {
    Command::Dep {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

#[test]
fn crates_are_given_as_in_cargo_toml() {
    for (line, command) in [
        (":dep anyhow = \"1\"", dep("anyhow", "\"1\"")),
        (
            ":dep unicode-width=\"0.2\"",
            dep("unicode-width", "\"0.2\""),
        ),
        (":dep rand", dep("rand", "\"*\"")),
        (
            ":dep tokio = { version = \"1\", features = [\"full\"] }",
            dep("tokio", "{ version = \"1\", features = [\"full\"] }"),
        ),
        (":help", Command::Help),
        (":vars", Command::Vars),
        (":type  v ", Command::Type("v".into())),
        (":explain e0382", Command::Explain("E0382".into())),
        (":limit", Command::Limit(None)),
        (":limit memory", Command::Limit(None)),
        (":limit memory none", Command::Limit(Some(None))),
        (":limit memory 4G", Command::Limit(Some(Some(4 << 30)))),
        (
            ":limit memory 500mib",
            Command::Limit(Some(Some(500 << 20))),
        ),
    ] {
        assert_eq!(take(line).0, [command], "{line}");
    }
    for line in [
        ":dep",
        ":dep = \"1\"",
        ":dep a b = \"1\"",
        ":dep x = {",
        ":dep x = 1.0.0",
        ":type",
        ":type a b",
        ":explain 382",
        ":limit disk 4G",
        ":limit memory 4",
        ":limit memory G",
        ":limit memory -1G",
        ":limit memory 99999999999T",
        ":limit memory 0M",
        ":limit memory 4G now",
    ] {
        assert!(matches!(take(line).0[..], [Command::Wrong(_)]), "{line}");
    }
}

#[test]
fn the_lines_of_the_code_keep_their_numbers() {
    let (commands, code) = take(":dep a = \"1\"\nlet x = 1;\n:dep b = \"2\"\n::std::process::id()");
    assert_eq!(commands.len(), 2);
    assert_eq!(
        code,
        "            \nlet x = 1;\n            \n::std::process::id()"
    );
}

#[test]
fn an_unknown_command_gets_a_suggestion() {
    for (line, advice) in [
        (":hepl", "did you mean `:help`?"),
        (":var", "did you mean `:vars`?"),
        (":quantum", "`:help` lists"),
    ] {
        let (commands, _) = take(line);
        let [Command::Wrong(reason)] = &commands[..] else {
            panic!("{line}: {commands:?}")
        };
        assert!(reason.contains(advice), "{reason}");
    }
}
