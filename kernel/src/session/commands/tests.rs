//! What is a command, what is code, and what is neither.

use super::alternatives;
use super::catalog::{Magic, all, find};
use super::foreign::shell_advice;
use super::invocation;
use super::script::read;

fn names(text: &str) -> Vec<&'static str> {
    let script = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    script
        .commands
        .iter()
        .map(|line| line.command.name)
        .collect()
}

fn refused(text: &str) -> String {
    match read(text) {
        Ok(script) => panic!("{text} is taken as {:?}", script.code),
        Err(reason) => reason,
    }
}

#[test]
fn commands_are_known_by_their_names() {
    for (text, expected) in [
        (":dep a = \"1\"\n:dep b", vec!["dep", "dep"]),
        (":help", vec!["help"]),
        (":t v.len()", vec!["type"]),
        (":q", vec!["quit"]),
        ("::std::process::id()", vec![]),
        ("let s = \"\n:dep a\n\";", vec![]),
    ] {
        assert_eq!(names(text), expected, "{text}");
    }
    let script = read(":type  v.len() ").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(script.commands[0].argument, "v.len()");
}

#[test]
fn each_name_means_one_thing_and_is_explained() {
    let mut seen = std::collections::BTreeSet::new();
    for command in all() {
        for name in command.aliases.iter().chain([&command.name]) {
            assert!(seen.insert(*name), "{name} twice");
            assert!(
                alternatives::instead(name).is_none(),
                "{name} is elsewhere, too"
            );
            assert!(find(name).is_ok_and(|found| found.name == command.name));
        }
        assert!(!command.summary.is_empty() && !command.summary.ends_with('.'));
    }
}

#[test]
fn the_lines_of_the_code_keep_their_numbers() {
    let script = read(":dep a = \"1\"\nlet x = 1;\n:dep bä = \"2\"\n::std::process::id()");
    let script = script.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(script.commands.len(), 2);
    let blank = |text: &str| " ".repeat(text.chars().count());
    let expected = format!(
        "{}\nlet x = 1;\n{}\n::std::process::id()",
        blank(":dep a = \"1\""),
        blank(":dep bä = \"2\"")
    );
    assert_eq!(script.code, expected);
}

#[test]
fn an_unknown_command_gets_a_suggestion() {
    for (line, advice) in [
        (":hepl", "did you mean `:help`?"),
        (":var", "did you mean `:vars`?"),
        (":quantum", "`:help` lists"),
        ("let x = 1;\n:quantum", "`:help` lists"),
    ] {
        let reason = refused(line);
        assert!(reason.contains(advice), "{line}: {reason}");
    }
}

#[test]
fn what_has_no_place_here_is_noted_and_the_rest_is_taken() {
    for (line, advice) in [
        (":efmt {}", "own message"),
        (":sccache 1", "woozle doctor"),
        ("  :load_config", "first cell"),
    ] {
        let text = format!("// set up\n{line}\n:vars\nlet x = 1;");
        let script = read(&text).unwrap_or_else(|reason| panic!("{text}: {reason}"));
        assert!(
            script.notes[0].contains(advice),
            "{line}: {:?}",
            script.notes
        );
        assert_eq!(
            (script.notes.len(), script.commands.len()),
            (1, 1),
            "{line}"
        );
        assert!(script.code.trim_end().ends_with("let x = 1;"), "{line}");
    }
}

#[test]
fn a_colon_within_code_that_does_not_compile_is_no_command() {
    for text in ["let x\n    : u32 = ;", "struct S {\n  a\n  : Vec<u8\n}"] {
        assert!(names(text).is_empty(), "{text}");
    }
}

#[test]
fn magics_are_the_first_line() {
    for (text, magic, code) in [
        ("%%time\nf()", Magic::Time, "      \nf()"),
        ("\n  %%bench  \nf()", Magic::Bench, "\n           \nf()"),
        (":dep a\n%%bench\nf()", Magic::Bench, "      \n       \nf()"),
    ] {
        let script = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((script.magic, script.code.as_str()), (Some(magic), code));
    }
    let script = read("let a = 7\n% 4;").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(script.magic, None);
}

#[test]
fn a_question_mark_asks_for_a_name() {
    for (text, name) in [
        ("?Vec", "Vec"),
        ("??Vec::push\n", "Vec::push"),
        ("? println!", "println!"),
    ] {
        let script = read(text).unwrap_or_else(|reason| panic!("{text}: {reason}"));
        let [line] = &script.commands[..] else {
            panic!("{text}: a command")
        };
        assert_eq!((line.command.name, line.argument), ("page", name));
    }
    for text in ["let a = b\n?;", "?", "? what is this"] {
        let script = read(text).unwrap_or_else(|reason| panic!("{text}: {reason}"));
        assert!(script.commands.is_empty(), "{text}");
    }
}

#[test]
fn what_comes_from_ipython_is_told_what_to_write_here() {
    for (text, advice) in [
        ("%timeit f()", "%%bench"),
        ("%%timeit\nf()", "%%bench"),
        ("%time f()", "a line of its own"),
        ("%%tiem\nf()", "did you mean `%%time`?"),
        ("%matplotlib inline", "plotters"),
        (
            "%%gobbledygook\n1",
            "`%%time`, `%%bench`, `%%timeline` and `%%explore`",
        ),
        ("%%explore fast\nf()", "schedules=N"),
        ("!cat a.txt", "std::process::Command"),
        ("!pip install numpy", ":dep"),
        ("let x = 1;\n%who", ":vars"),
    ] {
        let reason = refused(text);
        assert!(reason.contains(advice), "{text}: {reason}");
    }
    for text in [
        "!ls -l",
        "!true",
        "!is_empty(&v)",
        "let a = 1\n%b;",
        "f()?",
        "let = 1",
    ] {
        assert!(read(text).is_ok(), "{text}");
    }
}

#[test]
fn a_program_that_reads_like_rust_is_noticed_when_it_does_not_compile() {
    let missing = "cannot find value `ls` in this scope";
    assert!(
        shell_advice("let a = 1;\n!ls -l", missing).is_some_and(|advice| advice.contains("!ls -l"))
    );
    assert_eq!(
        shell_advice("!ls -l", "cannot find value `l` in this scope"),
        None
    );
    assert_eq!(shell_advice("ls - l", missing), None);
}

#[test]
fn a_size_has_a_unit() {
    for (text, bytes) in [
        ("4G", Some(4 << 30)),
        ("500mib", Some(500 << 20)),
        ("4", None),
        ("G", None),
        ("-1G", None),
        ("0M", None),
        ("99999999999T", None),
    ] {
        assert_eq!(invocation::bytes(text), bytes, "{text}");
    }
}
