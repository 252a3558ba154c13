//! Tests of the folder rules, by table.

use super::*;

type Env = &'static [(&'static str, &'static str)];

fn dirs(env: &[(&str, &str)]) -> Dirs {
    Dirs::from_lookup(|name| {
        env.iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| OsString::from(value))
    })
}

#[test]
fn the_user_data_dir_follows_jupyter_core() {
    let table: &[(Env, Option<&str>)] = &[
        (
            &[("HOME", "/home/pooh")],
            Some("/home/pooh/.local/share/jupyter"),
        ),
        (
            &[("HOME", "/home/pooh"), ("XDG_DATA_HOME", "/data")],
            Some("/data/jupyter"),
        ),
        (
            &[("HOME", "/home/pooh"), ("XDG_DATA_HOME", "")],
            Some("/home/pooh/.local/share/jupyter"),
        ),
        (
            &[("HOME", "/home/pooh"), ("XDG_DATA_HOME", "data")],
            Some("/home/pooh/.local/share/jupyter"),
        ),
        (
            &[
                ("HOME", "/home/pooh"),
                ("XDG_DATA_HOME", "/data"),
                ("JUPYTER_DATA_DIR", "/j"),
            ],
            Some("/j"),
        ),
        (&[("JUPYTER_DATA_DIR", "/j")], Some("/j")),
        (&[("XDG_DATA_HOME", "/data")], Some("/data/jupyter")),
        (&[], None),
    ];
    for (env, expected) in table {
        assert_eq!(
            dirs(env).user_data(),
            expected.map(PathBuf::from),
            "{env:?}"
        );
    }
}

#[test]
fn the_active_environment_is_the_virtualenv_before_conda() {
    let table: &[(Env, Option<&str>)] = &[
        (&[], None),
        (&[("VIRTUAL_ENV", "/v")], Some("/v")),
        (&[("CONDA_PREFIX", "/c")], Some("/c")),
        (&[("VIRTUAL_ENV", "/v"), ("CONDA_PREFIX", "/c")], Some("/v")),
        (&[("VIRTUAL_ENV", ""), ("CONDA_PREFIX", "/c")], Some("/c")),
    ];
    for (env, expected) in table {
        assert_eq!(dirs(env).active_env(), expected.map(Path::new), "{env:?}");
    }
}

#[test]
fn data_dirs_are_searched_in_jupyters_order_without_repeats() {
    let dirs = dirs(&[
        ("HOME", "/home/pooh"),
        ("JUPYTER_PATH", "/one:/two:"),
        ("VIRTUAL_ENV", "/v"),
    ]);
    let expected = [
        "/one",
        "/two",
        "/home/pooh/.local/share/jupyter",
        "/v/share/jupyter",
        "/usr/local/share/jupyter",
        "/usr/share/jupyter",
    ];
    assert_eq!(
        dirs.data_dirs(Some(Path::new("/v"))),
        expected.map(PathBuf::from)
    );
}
