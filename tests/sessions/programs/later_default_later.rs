// %%
#[derive(Debug, Default, Clone, PartialEq)]
struct Settings {
    name: String,
    depth: u8,
    verbose: bool,
}

fn apply(settings: &mut Settings, text: &str) {
    for part in text.split_whitespace() {
        match part.split_once('=') {
            Some(("name", v)) => settings.name = v.into(),
            Some(("depth", v)) => settings.depth = v.parse().unwrap_or(1),
            _ => settings.verbose = true,
        }
    }
}
// %%
let mut base = Default::default();
let mut history = Vec::new();
// %%
apply(&mut base, "name=alpha depth=7");
history.push(base.clone());
apply(&mut base, "verbose depth=x");
history.push(base.clone());
// %%
for (i, s) in history.iter().enumerate() {
    println!("{i} {s:?}");
}
println!("changed {}", history[0] != history[1]);
// expect: 0 Settings { name: "alpha", depth: 7, verbose: false }
// expect: 1 Settings { name: "alpha", depth: 1, verbose: true }
// expect: changed true
