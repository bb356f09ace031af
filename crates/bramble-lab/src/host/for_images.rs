//! The Debian packages that making an image needs on this machine. Not in here: those
//! that the tests need too, which are listed with the twin's.

use super::packages::{HostPackage, is_missing, missing_of_images};
use crate::Architecture;
use crate::base::Interpreter;

/// What making an image for another processor needs beside the rest.
const ARCH_TEST: HostPackage = HostPackage {
    name: "arch-test",
    program: "arch-test",
    purpose: "tells whether programs of another processor run",
};

/// Not needed where such programs are run by other means.
const QEMU: HostPackage = HostPackage {
    name: "qemu-user-static",
    program: "qemu-aarch64-static",
    purpose: "runs programs of another processor",
};

/// The packages that making an image for `architecture` needs and that are not
/// installed here.
pub fn missing_for_image(architecture: Architecture) -> Vec<&'static HostPackage> {
    let foreign = !architecture.is_native();
    let arch_test = (foreign && is_missing(&ARCH_TEST)).then_some(&ARCH_TEST);
    let has_interpreter = Interpreter::needed_for(architecture).is_ok();
    let qemu = (foreign && !has_interpreter).then_some(&QEMU);
    missing_of_images().chain(arch_test).chain(qemu).collect()
}
