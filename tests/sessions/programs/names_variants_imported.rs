// %%
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Suit { Clubs, Diamonds, Hearts, Spades }
use Suit::*;
// %%
fn red(s: Suit) -> bool {
    matches!(s, Diamonds | Hearts)
}

let hand = [Spades, Hearts, Clubs, Hearts, Diamonds];
// %%
let reds = hand.iter().filter(|s| red(**s)).count();
println!("{reds} red of {}", hand.len());
// %%
enum Light { Red, Green }
use Light::{Green as Go, Red as Stop};
let say = |l: &Light| match l { Go => "go", Stop => "stop" };
println!("{} {}", say(&Go), say(&Stop));
// %%
use std::cmp::Ordering::{self, *};
let mut sorted = hand;
sorted.sort_by(|a, b| match a.cmp(b) { Less => Greater, Greater => Less, Equal => Ordering::Equal });
println!("{sorted:?} {}", Spades > Clubs);
// expect: 3 red of 5
// expect: go stop
// expect: [Spades, Hearts, Hearts, Diamonds, Clubs] true
