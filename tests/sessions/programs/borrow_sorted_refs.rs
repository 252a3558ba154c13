// %%
#[derive(Debug)]
struct City {
    name: &'static str,
    people: u32,
    area: f32,
}

let mut cities = vec![
    City { name: "Aston", people: 5200, area: 12.5 },
    City { name: "Barrow", people: 900, area: 3.0 },
    City { name: "Corfe", people: 7000, area: 30.0 },
];
// %%
let mut by_density: Vec<&City> = cities.iter().collect();
by_density.sort_by(|a, b| {
    let d = |c: &City| c.people as f32 / c.area;
    d(b).total_cmp(&d(a))
});
// %%
for c in &by_density {
    println!("{:<8}{:>8.1}", c.name, c.people as f32 / c.area);
}
let biggest = by_density.iter().max_by_key(|c| c.people).unwrap();
// %%
println!("biggest {}", biggest.name);
// %%
cities.push(City { name: "Deal", people: 1, area: 1.0 });
println!("{} cities, {:?}", cities.len(), cities.last().unwrap());
// expect: Aston      416.0
// expect: Barrow     300.0
// expect: Corfe      233.3
// expect: biggest Corfe
// expect: 4 cities, City { name: "Deal", people: 1, area: 1.0 }
