// %%
let letters: Vec<char> = "racecars".chars().collect();
let mut ends = letters.iter();
// %%
let mut matching = 0;
while let (Some(a), Some(b)) = (ends.next(), ends.next_back()) {
    if a != b {
        println!("{a} is not {b}");
        break;
    }
    matching += 1;
}
// %%
println!("{matching} match, {} left: {:?}", ends.len(), ends.as_slice());
// %%
let mut numbered = letters.iter().rev().zip(1..).skip(1);
println!("{:?}", numbered.next());
let mut inspected = Vec::new();
let sum: i32 = numbered.inspect(|(c, _)| inspected.push(**c)).map(|(_, n)| n).sum();
// %%
println!("{sum} {}", inspected.iter().collect::<String>());
// expect: r is not s
// expect: 0 match, 6 left: ['a', 'c', 'e', 'c', 'a', 'r']
// expect: Some(('r', 2))
// expect: 33 acecar
