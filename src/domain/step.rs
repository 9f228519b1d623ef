//! Where a value stands in a JSON document. It is written out only when it is told: to spell it for each
//! of a million values would cost far more than reading them, and a key may be as long as the document.

use super::foreign::cut;

/// Characters of a key that a path shows.
const SHOWN: usize = 60;

/// One step below another; the steps above stand on the stack of whoever walks the document.
#[derive(Clone, Copy)]
pub struct Step<'a> {
    above: Option<&'a Step<'a>>,
    name: Name<'a>,
}

#[derive(Clone, Copy)]
enum Name<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Step<'a> {
    /// The value under a key.
    pub fn key(above: Option<&'a Step<'a>>, key: &'a str) -> Step<'a> {
        let name = Name::Key(key);
        Step { above, name }
    }

    /// The value at a place of a list, from 0.
    pub fn index(above: Option<&'a Step<'a>>, index: usize) -> Step<'a> {
        let name = Name::Index(index);
        Step { above, name }
    }

    /// The path from the top, such as `lines[1].qty`; keys cut and what is hidden in them escaped.
    pub fn path(&self) -> String {
        let mut names = vec![self.name];
        let mut above = self.above;
        while let Some(step) = above {
            names.push(step.name);
            above = step.above;
        }
        let mut path = String::new();
        for name in names.into_iter().rev() {
            match name {
                Name::Index(index) => path.push_str(&format!("[{index}]")),
                Name::Key(key) if path.is_empty() => path = cut(key, SHOWN),
                Name::Key(key) => path.push_str(&format!(".{}", cut(key, SHOWN))),
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_that_of_the_document_and_short() {
        let lines = Step::key(None, "lines");
        let second = Step::index(Some(&lines), 1);
        assert_eq!(Step::key(Some(&second), "qty").path(), "lines[1].qty");
        let long = "k".repeat(1 << 20);
        assert!(Step::key(Some(&second), &long).path().len() < 100);
    }
}
