// %%
use ndarray::prelude::*;

let a: Array2<f64> = arr2(&[[4.0, 1.0], [2.0, 3.0]]);
let mut x = Array1::ones(2);
let mut lambda = 0.0;
// %%
for _ in 0..60 {
    let y = a.dot(&x);
    lambda = y.dot(&x) / x.dot(&x);
    x = &y / y.dot(&y).sqrt();
}
// %%
println!("lambda {lambda:.4}");
println!("{:.3}", x);
// %%
let eye: Array2<f64> = Array2::eye(2);
let residual = (&a - &(eye * lambda)).dot(&x).mapv(f64::abs).sum();
println!("{}", residual < 1e-6);
let stacked = ndarray::stack![Axis(0), x, x];
// %%
println!("{:?} {:.2}", stacked.shape(), stacked.mapv(|v| v * v).sum());
// expect: lambda 5.0000
// expect: [0.707, 0.707]
// expect: true
// expect: [2, 2] 2.00
