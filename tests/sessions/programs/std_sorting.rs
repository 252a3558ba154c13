// %%
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Card { rank: u8, suit: char }

let mut cards: Vec<Card> = [(3, 'h'), (12, 's'), (3, 'c'), (9, 'h')].map(|(rank, suit)| Card { rank, suit }).to_vec();
// %%
cards.sort();
println!("{}", cards.iter().map(|c| format!("{}{}", c.rank, c.suit)).collect::<Vec<_>>().join(" "));
cards.sort_by_key(|c| (c.suit, std::cmp::Reverse(c.rank)));
// %%
println!("{:?}", cards.first());
let mut values: Vec<f64> = vec![2.5, -1.0, 9.75, 0.0];
values.sort_by(|a, b| b.partial_cmp(a).unwrap());
// %%
println!("{values:?}");
let mut ids = vec![1, 1, 2, 3, 3, 3, 1];
ids.dedup();
println!("{ids:?} {:?}", [1, 4, 9, 16].binary_search(&10));
// %%
cards.retain(|c| c.suit != 'h');
let (small, pivot, _) = values.select_nth_unstable_by(2, |a, b| a.total_cmp(b));
println!("{} {pivot} {}", cards.len(), small.len());
// expect: 3c 3h 9h 12s
// expect: Some(Card { rank: 3, suit: 'c' })
// expect: [9.75, 2.5, 0.0, -1.0]
// expect: [1, 2, 3, 1] Err(3)
// expect: 2 2.5 2
