//! What fuzzing found worth keeping of FAT volumes, read and edited once more: the same
//! as the fuzz target does, on any compiler. Not in here: finding more (`fuzz/`).

#[path = "../../../../fuzz/fuzz_targets/fat/any_volume.rs"]
mod any_volume;

#[test]
#[expect(clippy::disallowed_methods, reason = "reads the corpus")]
fn everything_that_was_ever_interesting_is_answered() {
    let mut volumes = 0;
    for found in std::fs::read_dir("../../fuzz/corpus/fat").unwrap() {
        let bytes = std::fs::read(found.unwrap().path()).unwrap();
        volumes += u32::from(any_volume::look_and_edit(&bytes));
    }
    assert!(volumes > 30, "most of them are volumes: {volumes}");
}
