// %%
let size;
let title: &str;
let mut cells: Vec<u8>;
// %%
size = 4;
cells = vec![7; size];
// %%
if cells.len() > 3 {
    title = "large";
} else {
    title = "small";
}
cells[0] = 1;
println!("{title} {cells:?}");
// %%
let answer;
loop {
    cells.push(cells.len() as u8);
    if cells.len() * size > 25 {
        answer = cells.len();
        break;
    }
}
println!("{answer}");
// expect: large [1, 7, 7, 7]
// expect: 7
