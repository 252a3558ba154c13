// %%
#[derive(Debug)]
enum Shape {
    Named { label: String, sides: Vec<u8> },
    Point,
}

struct Pair(String, Option<String>, [String; 2]);

let p = Pair("left".into(), Some("mid".into()), ["x".into(), "y".into()]);
// %%
let Pair(left, ref middle, _) = p;
println!("{left} {middle:?}");
// %%
let [x, y] = p.2;
println!("{x}{y} {:?}", p.1);
// %%
let s = Shape::Named { label: "tri".into(), sides: vec![3, 4, 5] };
if let Shape::Named { ref sides, .. } = s {
    println!("perimeter {}", sides.iter().sum::<u8>());
}
// %%
match s {
    Shape::Named { label, .. } => println!("it was {label}"),
    Shape::Point => println!("nothing"),
}
println!("{:?} {:?}", Shape::Point, p.1);
// expect: left Some("mid")
// expect: xy Some("mid")
// expect: perimeter 12
// expect: it was tri
// expect: Point Some("mid")
