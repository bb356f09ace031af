//! One Rust file: what of it is product and what is test, its functions, and the
//! places that may panic. Not in here: how much of each is too much.

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Signature};

use crate::failure::Failure;

/// What the rules ask of a file.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) file: PathBuf,
    /// Whether all of it is test.
    pub(super) is_test: bool,
    pub(super) lines: usize,
    /// Lines of items that exist in tests only.
    pub(super) test_lines: usize,
    /// Functions of the product.
    pub(super) functions: Vec<Function>,
    /// Where the product calls `unwrap`.
    pub(super) unwraps: Vec<usize>,
    /// Where the product calls `expect`.
    pub(super) expects: Vec<usize>,
    /// Where the product says that it is unfinished, by a macro.
    pub(super) unfinished: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) line: usize,
    /// From its signature to its last brace.
    pub(super) lines: usize,
    pub(super) parameters: usize,
}

impl Source {
    pub(super) fn parse(file: &Path, text: &str) -> Result<Self, Failure> {
        let syntax = syn::parse_file(text).map_err(|error| {
            let line = error.span().start().line;
            Failure::new(format!(
                "{}:{line}: this is no Rust: {error}",
                file.display()
            ))
        })?;
        let mut source = Self {
            file: file.to_owned(),
            is_test: is_test_file(file),
            lines: text.lines().count(),
            ..Self::default()
        };
        source.visit_file(&syntax);
        Ok(source)
    }

    /// Lines that are not test.
    pub(super) fn product_lines(&self) -> usize {
        if self.is_test {
            0
        } else {
            self.lines - self.test_lines
        }
    }

    fn skip(&mut self, attributes: &[Attribute], item: Span) {
        let first = attributes
            .iter()
            .map(|attribute| attribute.span().start().line)
            .min();
        let first = first.unwrap_or_else(|| item.start().line);
        self.test_lines += item.end().line + 1 - first;
    }

    fn function(&mut self, signature: &Signature, body: Span) {
        let line = signature.fn_token.span.start().line;
        self.functions.push(Function {
            name: signature.ident.to_string(),
            line,
            lines: body.end().line + 1 - line,
            parameters: signature.inputs.len(),
        });
    }

    fn call(&mut self, method: &str, line: usize) {
        match method {
            "unwrap" => self.unwraps.push(line),
            "expect" => self.expects.push(line),
            _ => {}
        }
    }

    /// Calls in the arguments of a macro, which are not parsed.
    fn calls(&mut self, tokens: TokenStream) {
        let mut after_dot = false;
        for token in tokens {
            match &token {
                TokenTree::Group(group) => self.calls(group.stream()),
                TokenTree::Ident(name) if after_dot => {
                    self.call(&name.to_string(), name.span().start().line);
                }
                _ => {}
            }
            after_dot = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '.');
        }
    }
}

impl<'ast> Visit<'ast> for Source {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_for_tests(&item.attrs) {
            self.skip(&item.attrs, item.span());
        } else {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if is_for_tests(&item.attrs) {
            self.skip(&item.attrs, item.span());
        } else {
            visit::visit_item_impl(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if is_for_tests(&item.attrs) {
            self.skip(&item.attrs, item.span());
        } else {
            self.function(&item.sig, item.block.span());
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if is_for_tests(&item.attrs) {
            self.skip(&item.attrs, item.span());
        } else {
            self.function(&item.sig, item.block.span());
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.function(&item.sig, body.span());
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.call(&call.method.to_string(), call.method.span().start().line);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        if ["todo", "unimplemented"]
            .iter()
            .any(|name| item.path.is_ident(name))
        {
            self.unfinished.push(item.span().start().line);
        }
        self.calls(item.tokens.clone());
    }
}

/// `#[test]`, and `#[cfg(test)]` alone or in a list.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        let is_cfg = || path.is_ident("cfg") && names_test(attribute);
        path.is_ident("test") || is_cfg()
    })
}

fn names_test(attribute: &Attribute) -> bool {
    let Ok(list) = attribute.meta.require_list() else {
        return false;
    };
    let mut tokens = list.tokens.clone().into_iter();
    tokens.any(|token| matches!(token, TokenTree::Ident(name) if name == "test"))
}

/// By its place: `tests/`, `tests.rs`, or the crate that only tests use.
fn is_test_file(file: &Path) -> bool {
    file.components().any(|part| {
        let part = part.as_os_str();
        part == "tests" || part == "tests.rs" || part == "bramble-testkit"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "//! Header.
fn product(a: u8, b: u8) -> u8 {
    println!(\"{}\", a.checked_add(b).unwrap());
    a.checked_mul(b).expect(\"small\")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_test() {
        Some(1).unwrap();
    }
}
";

    #[test]
    fn product_and_tests_are_told_apart() {
        let source = Source::parse(Path::new("src/a.rs"), FILE).unwrap();
        assert_eq!((source.lines, source.product_lines()), (13, 6));
        assert_eq!(source.unwraps, [3]);
        assert_eq!(source.expects, [4]);
        let functions: Vec<_> = source
            .functions
            .iter()
            .map(|one| (one.name.as_str(), one.line, one.lines, one.parameters))
            .collect();
        assert_eq!(functions, [("product", 2, 4, 2)]);
    }

    #[test]
    fn files_of_tests_are_known_by_their_place() {
        for file in ["crates/a/tests/b.rs", "src/tests.rs", "src/tests/c.rs"] {
            assert!(is_test_file(Path::new(file)), "{file}");
        }
        assert!(!is_test_file(Path::new("src/contests.rs")));
    }

    #[test]
    fn a_file_that_is_no_rust_is_named_with_its_line() {
        let failure = Source::parse(Path::new("a.rs"), "fn a() {}\nfn (").unwrap_err();
        assert!(failure.to_string().starts_with("a.rs:2: "), "{failure}");
    }
}
