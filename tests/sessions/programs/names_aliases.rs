// %%
use std::collections::{BTreeMap, VecDeque as Ring};
use std::fmt::{self, Display, Formatter};
use std::io::Write as _;

type Grid<T> = Vec<Vec<T>>;
type Check = fn(&str) -> Result<u32, Box<dyn std::error::Error>>;
// %%
struct Board(Grid<char>);

impl Display for Board {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for row in &self.0 {
            writeln!(f, "{}", row.iter().collect::<String>())?;
        }
        Ok(())
    }
}
// %%
let board = Board(vec![vec!['.', 'x'], vec!['o', '.']]);
print!("{board}");
// %%
let mut buffer = Vec::new();
write!(buffer, "{}-{}", 1, 2).unwrap();
println!("{}", String::from_utf8_lossy(&buffer));
let check: Check = |s| Ok(s.parse::<u32>()? + 1);
// %%
println!("{:?} {}", check("41").ok(), check("x").is_err());
let mut ring: Ring<u8> = (1..=4).collect();
ring.rotate_left(1);
let m: BTreeMap<_, _> = ring.into_iter().zip("abcd".chars()).collect();
println!("{m:?}");
// expect: .x
// expect: o.
// expect: 1-2
// expect: Some(42) true
// expect: {1: 'd', 2: 'a', 3: 'b', 4: 'c'}
