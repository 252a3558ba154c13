// %%
let grid = [[1, 4, 9], [2, 7, 3], [8, 5, 6]];
let found = 'search: {
    for (r, row) in grid.iter().enumerate() {
        for (c, v) in row.iter().enumerate() {
            if v * v == 49 {
                break 'search Some((r, c));
            }
        }
    }
    None
};
// %%
println!("{found:?}");
let mut skipped = 0;
'rows: for row in &grid {
    for v in row {
        if v % 2 == 0 {
            skipped += 1;
            continue 'rows;
        }
    }
    println!("all odd");
}
// %%
println!("skipped {skipped}");
let mut n = 27u32;
let steps = loop {
    if n < 5 { break n * 100; }
    n = if n % 2 == 0 { n / 2 } else { n - 3 };
};
println!("{steps}");
// expect: Some((1, 1))
// expect: skipped 3
// expect: 300
