// ends: error
// %%
fn field<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.split(';').find_map(|p| p.trim().strip_prefix(key)?.strip_prefix('='))
}
// %%
let line = "name=Ann; age=30; city=Oslo";
let name = field(line, "name")?;
println!("{name}");
// %%
let age: u32 = field(line, "age")?.parse().ok()?;
println!("next year {}", age + 1);
// %%
let city = field(line, "city")?;
let initial = city.chars().next()?;
println!("{initial}");
// %%
let vowels = city.chars().filter(|c| "aeiouAEIOU".contains(*c)).count();
println!("{vowels} vowels");
// %%
field(line, "country")?;
println!("never printed");
// expect: Ann
// expect: next year 31
// expect: O
// expect: 2 vowels
