// %%
let rows = ["3 apples", "pears 4", "12 plums", "", "7"];
let mut stock = Vec::new();
// %%
for row in rows {
    let Some((n, what)) = row.split_once(' ') else {
        println!("skip {row:?}");
        continue;
    };
    let Ok(n) = n.parse::<u32>() else {
        println!("no number in {row:?}");
        continue;
    };
    stock.push((n, what));
}
// %%
let Some(&(most, what)) = stock.iter().max() else {
    panic!("nothing");
};
println!("most: {most} {what}");
// %%
let [(a, _), (b, _)] = stock[..] else {
    println!("not two");
    return;
};
println!("{}", a + b);
// expect: no number in "pears 4"
// expect: skip ""
// expect: skip "7"
// expect: most: 12 plums
// expect: 15
