//! Parsing alone: layered programs of some sizes.

#[path = "support/layered.rs"]
mod layered;

use divan::Bencher;
use divan::counter::BytesCount;
use pipec::source::FileId;
use pipec::syntax::parse;

fn main() {
    divan::main();
}

#[divan::bench(args = [100, 1_000, 10_000])]
fn steps(bencher: Bencher<'_, '_>, steps: usize) {
    let text = layered::layered(steps);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| parse(FileId(0), &text));
}
