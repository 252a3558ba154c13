// %%
#[derive(Debug)]
struct User { name: String, email: Option<String>, age: Option<u8> }

let users = vec![
    User { name: "a".into(), email: Some("a@x.org".into()), age: Some(30) },
    User { name: "b".into(), email: None, age: Some(40) },
    User { name: "c".into(), email: Some("bad".into()), age: Some(50) },
    User { name: "d".into(), email: Some("d@y.com".into()), age: None },
];
// %%
for u in &users {
    if let Some(email) = &u.email && let Some((_, host)) = email.split_once('@') && let Some(age) = u.age && age > 18 {
        println!("{} at {host}", u.name);
    } else if let Some(e) = &u.email && !e.contains('@') {
        println!("{} has a bad address", u.name);
    } else {
        println!("{} is incomplete", u.name);
    }
}
// %%
let mut rest = &users[..];
while let [first, tail @ ..] = rest && first.name != "c" {
    print!("{} ", first.name);
    rest = tail;
}
println!("left {}", rest.len());
// expect: a at x.org
// expect: b is incomplete
// expect: c has a bad address
// expect: d is incomplete
// expect: a b left 2
