// %%
use std::ops::{Index, IndexMut, Mul};

#[derive(Debug, Clone, Copy, PartialEq)]
struct Matrix<const R: usize, const C: usize>([[i32; C]; R]);

impl<const R: usize, const C: usize> Index<(usize, usize)> for Matrix<R, C> {
    type Output = i32;
    fn index(&self, (r, c): (usize, usize)) -> &i32 { &self.0[r][c] }
}
impl<const R: usize, const C: usize> IndexMut<(usize, usize)> for Matrix<R, C> {
    fn index_mut(&mut self, (r, c): (usize, usize)) -> &mut i32 { &mut self.0[r][c] }
}
// %%
impl<const R: usize, const K: usize, const C: usize> Mul<Matrix<K, C>> for Matrix<R, K> {
    type Output = Matrix<R, C>;
    fn mul(self, b: Matrix<K, C>) -> Matrix<R, C> {
        let mut m = Matrix([[0; C]; R]);
        for r in 0..R { for c in 0..C { for k in 0..K { m[(r, c)] += self[(r, k)] * b[(k, c)]; } } }
        m
    }
}
// %%
let a = Matrix([[1, 2, 3], [4, 5, 6]]);
let b = Matrix([[1], [0], [-1]]);
// %%
let mut c = a * b;
println!("{c:?}");
c[(0, 0)] = 7;
println!("{} {}", c[(0, 0)], std::mem::size_of_val(&a));
// expect: Matrix([[-2], [-2]])
// expect: 7 24
