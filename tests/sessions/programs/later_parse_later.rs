// %%
struct Endpoint {
    host: String,
    port: u16,
}

fn show(e: &Endpoint) -> String {
    format!("{}:{}", e.host, e.port)
}
// %%
let line = "localhost:8080:0.75";
let mut parts = line.split(':');
let host = parts.next().unwrap();
let port = parts.next().unwrap().parse().unwrap();
let weight = parts.next().unwrap().parse().unwrap();
// %%
let e = Endpoint { host: host.to_string(), port };
println!("{}", show(&e));
// %%
let weights: [f32; 2] = [0.25, weight];
println!("sum of weights {:.2}", weights.iter().sum::<f32>());
// expect: localhost:8080
// expect: sum of weights 1.00
