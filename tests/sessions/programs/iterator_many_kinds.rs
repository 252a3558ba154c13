// %%
let names = vec!["ann", "bob", "cat"];
let ages = [31, 25, 40];
// %%
let pairs: Vec<(&str, i32)> = names.iter().copied().zip(ages).collect();
// %%
let (young, old): (Vec<_>, Vec<_>) = pairs.iter().copied().partition(|(_, a)| *a < 35);
// %%
println!("{young:?} {old:?}");
// %%
let mut iter = pairs.iter().skip(1);
// %%
println!("{:?}", iter.next());
// %%
println!("{:?}", iter.next());
// %%
let sum_of_squares = (1..=10).filter(|n| n % 3 == 0).map(|n| n * n).sum::<i32>();
// %%
println!("{sum_of_squares}");
// %%
let fib = std::iter::successors(Some((0u32, 1u32)), |&(a, b)| Some((b, a + b))).map(|p| p.0);
// %%
let small: Vec<_> = fib.take_while(|&n| n < 50).collect();
// %%
println!("{small:?}");
// %%
let nested = vec![vec![1, 2], vec![], vec![3]];
let flat: Vec<i32> = nested.into_iter().flatten().collect();
// %%
println!("{flat:?}");
// %%
let mut counter = 0;
let evens = std::iter::from_fn(|| { counter += 2; (counter < 9).then_some(counter) });
// %%
println!("{:?}", evens.collect::<Vec<_>>());
// %%
let text = "a=1;b=2;c=x";
// %%
let parsed = text.split(';').map(|kv| kv.split_once('=').unwrap());
// %%
let nums: Vec<(&str, Option<i32>)> = parsed.map(|(k, v)| (k, v.parse().ok())).collect();
// %%
println!("{nums:?}");
// %%
let lookup: std::collections::BTreeMap<_, _> = nums.iter().cloned().collect();
// %%
if let Some(Some(b)) = lookup.get("b") {
    println!("b is {b}");
}
// %%
let scan: Vec<i32> = ages.iter().scan(0, |acc, &x| { *acc += x; Some(*acc) }).collect();
// %%
println!("{scan:?} {:?}", ages.iter().position(|&a| a == 25));
// %%
let mut words = "one two three".split(' ').rev().peekable();
// %%
if words.peek() == Some(&"three") {
    words.next();
}
// %%
println!("{}", words.collect::<Vec<_>>().join(" "));
// %%
let any = ages.iter().any(|a| a % 2 == 0);
let folded = ages.iter().fold(String::new(), |acc, n| if acc.is_empty() { n.to_string() } else { acc + "," + &n.to_string() });
// %%
println!("{any} {folded}");
// expect: [("ann", 31), ("bob", 25)] [("cat", 40)]
// expect: Some(("bob", 25))
// expect: Some(("cat", 40))
// expect: 126
// expect: [0, 1, 1, 2, 3, 5, 8, 13, 21, 34]
// expect: [1, 2, 3]
// expect: [2, 4, 6, 8]
// expect: [("a", Some(1)), ("b", Some(2)), ("c", None)]
// expect: b is 2
// expect: [31, 56, 96] Some(1)
// expect: two one
// expect: true 31,25,40
