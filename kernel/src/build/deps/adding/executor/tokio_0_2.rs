//! The function in which cells run with tokio 0.2, compiled into the package of a notebook's crates.

#[doc(hidden)]
pub fn within<R>(on_thread_start: fn(), cell: impl FnOnce() -> R) -> R {
    static RUNTIME: std::sync::OnceLock<tokio::runtime::Runtime> = std::sync::OnceLock::new();
    let start = move || {
        tokio::runtime::Builder::new()
            .threaded_scheduler()
            .enable_all()
            .on_thread_start(on_thread_start)
            .build()
    };
    let runtime = RUNTIME.get_or_init(|| start().expect("tokio's runtime starts"));
    runtime.enter(cell)
}
