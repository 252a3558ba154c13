// %%
use std::io::{Read, Write};
use std::process::{Command, Stdio};

let child = Command::new("tr")
    .args(["a-z", "A-Z"])
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .spawn()?;
// %%
let mut input = child.stdin.unwrap();
input.write_all(b"what is piped ")?;
// %%
input.write_all(b"comes back")?;
drop(input);
// %%
let mut answer = String::new();
child.stdout.unwrap().read_to_string(&mut answer)?;
println!("{answer}");
println!("no stderr: {}", child.stderr.is_none());
// expect: WHAT IS PIPED COMES BACK
// expect: no stderr: true
