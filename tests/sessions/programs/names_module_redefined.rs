// %%
mod rates {
    pub const BASE: f64 = 1.0;
    pub fn price(n: u32) -> f64 { BASE * n as f64 }
}
// %%
fn bill(n: u32) -> String { format!("{:.2}", rates::price(n)) }
println!("{}", bill(4));
// %%
mod rates {
    pub const BASE: f64 = 2.5;
    pub fn price(n: u32) -> f64 { BASE * n as f64 - discount(n) }
    fn discount(n: u32) -> f64 { if n > 3 { 1.0 } else { 0.0 } }
    pub mod tax {
        pub fn on(x: f64) -> f64 { x * super::BASE / 10.0 }
    }
}
// %%
println!("{}", bill(4));
println!("{:.3}", rates::tax::on(rates::price(2)));
// expect: 4.00
// expect: 9.00
// expect: 1.250
