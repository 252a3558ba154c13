// %%
type Step = Box<dyn Fn(f64) -> f64>;

let mut steps: Vec<(String, Step)> = Vec::new();
// %%
let offset = 1.5;
steps.push(("double".into(), Box::new(|x| x * 2.0)));
steps.push(("shift".into(), Box::new(move |x| x + offset)));
for k in 2..4 {
    steps.push((format!("root{k}"), Box::new(move |x| x.powf(1.0 / k as f64))));
}
// %%
let run = |x: f64| steps.iter().fold(x, |acc, (_, f)| f(acc));
println!("{:.4}", run(8.0));
// %%
let names: Vec<&str> = steps.iter().map(|(n, _)| n.as_str()).collect();
println!("{}", names.join(" > "));
println!("{:.4}", run(0.0));
// %%
steps.remove(0);
println!("{} steps, {:.3}", steps.len(), steps[0].1(1.0));
// expect: 1.6113
// expect: double > shift > root2 > root3
// expect: 1.0699
// expect: 3 steps, 2.500
