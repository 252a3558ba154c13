// %%
struct Pair { left: String, right: String }
struct View<'a> { of: &'a String, at: usize }
enum Either<'a, T> { This(&'a T), Those(Vec<View<'a>>) }
let a = Pair { left: "left".into(), right: "right".into() };
let b = Pair { left: "one".into(), right: "two".into() };
// %%
let mut view = View { of: &a.left, at: 1 };
let mut either = Either::This(&a.right);
// %%
view = View { of: &b.right, at: 2 };
// %%
if let Either::This(s) = &either { println!("{s} {}", &view.of[view.at..]); }
either = Either::Those(vec![View { of: &b.left, at: 0 }]);
// %%
if let Either::Those(views) = &mut either { views.push(View { of: &a.left, at: 1 }); }
// %%
if let Either::Those(views) = &either {
    for v in views { println!("{}", &v.of[v.at..]); }
}
// expect: right o
// expect: one
// expect: eft
