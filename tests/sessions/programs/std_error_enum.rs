// %%
use std::fmt;
use std::num::ParseFloatError;

#[derive(Debug)]
enum BadLine { Empty, NoValue(String), Value(ParseFloatError) }

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadLine::Empty => write!(f, "empty line"),
            BadLine::NoValue(k) => write!(f, "no value for {k}"),
            BadLine::Value(e) => write!(f, "bad value: {e}"),
        }
    }
}
impl std::error::Error for BadLine {}
impl From<ParseFloatError> for BadLine { fn from(e: ParseFloatError) -> Self { BadLine::Value(e) } }
// %%
fn parse(line: &str) -> Result<(&str, f64), BadLine> {
    let line = line.trim();
    if line.is_empty() { return Err(BadLine::Empty); }
    let (k, v) = line.split_once('=').ok_or_else(|| BadLine::NoValue(line.to_string()))?;
    Ok((k.trim(), v.trim().parse()?))
}
// %%
let (key, value) = parse("speed = 2.50")?;
println!("{key} {value}");
// %%
for l in ["", "alpha", "beta = x"] {
    println!("{}", parse(l).unwrap_err());
}
let all: Result<Vec<_>, _> = ["a=1", "b=2"].into_iter().map(parse).collect();
println!("{:?}", all?);
// expect: speed 2.5
// expect: empty line
// expect: no value for alpha
// expect: bad value: invalid float literal
// expect: [("a", 1.0), ("b", 2.0)]
