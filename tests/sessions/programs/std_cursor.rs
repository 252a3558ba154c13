// %%
use std::io::{self, BufRead, BufWriter, Cursor, Read, Seek, SeekFrom, Write};

let mut file = Cursor::new(Vec::new());
writeln!(file, "id,name,score")?;
for (i, n) in ["ann", "bob", "cid"].iter().enumerate() {
    writeln!(file, "{},{n},{}", i + 1, 10 * (i + 3))?;
}
// %%
file.seek(SeekFrom::Start(0))?;
let mut header = String::new();
file.read_line(&mut header)?;
let columns: Vec<&str> = header.trim().split(',').collect();
println!("{columns:?}");
// %%
let mut lines = file.lines();
let first = lines.next().transpose()?;
println!("{first:?}");
// %%
let mut total = 0u32;
for line in lines {
    let line = line?;
    total += line.rsplit(',').next().and_then(|s| s.parse::<u32>().ok()).unwrap_or(0);
}
println!("total {total}");
// %%
let mut w = BufWriter::new(Vec::new());
io::copy(&mut "some bytes".as_bytes().take(4), &mut w)?;
println!("{:?} {}", String::from_utf8(w.into_inner()?)?, columns.len());
// expect: ["id", "name", "score"]
// expect: Some("1,ann,30")
// expect: total 90
// expect: "some" 3
