//! Which letters the paper of this site can show.

use std::ops::RangeInclusive;

/// A set of characters. Empty for a site whose fonts nobody asked about: then all pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage(Vec<RangeInclusive<u32>>);

impl Coverage {
    /// Of these code points, in any order.
    pub fn of(mut points: Vec<u32>) -> Coverage {
        points.sort_unstable();
        let mut ranges: Vec<RangeInclusive<u32>> = Vec::new();
        for point in points {
            match ranges.last_mut() {
                Some(last) if point <= last.end().saturating_add(1) => {
                    *last = *last.start()..=point;
                }
                _ => ranges.push(point..=point),
            }
        }
        Coverage(ranges)
    }

    /// Whether a character is in it.
    pub fn has(&self, c: char) -> bool {
        let point = u32::from(c);
        let at = self.0.partition_point(|range| *range.end() < point);
        self.0.is_empty() || self.0.get(at).is_some_and(|range| range.contains(&point))
    }
}

/// The script of a letter, for people; `None` when poms has no word for it.
pub fn name(c: char) -> Option<&'static str> {
    Some(match u32::from(c) {
        0x0370..=0x03ff => "Greek",
        0x0400..=0x052f => "Cyrillic",
        0x0530..=0x058f => "Armenian",
        0x0590..=0x05ff | 0xfb1d..=0xfb4f => "Hebrew",
        0x0600..=0x06ff | 0x0750..=0x077f | 0x08a0..=0x08ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff => {
            "Arabic"
        }
        0x0900..=0x097f => "Devanagari",
        0x0980..=0x09ff => "Bengali",
        0x0b80..=0x0bff => "Tamil",
        0x0e00..=0x0e7f => "Thai",
        0x10a0..=0x10ff => "Georgian",
        0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7af => "Korean",
        0x3040..=0x30ff | 0x31f0..=0x31ff => "Japanese",
        0x2e80..=0x2fdf
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xf900..=0xfaff
        | 0x20000..=0x3ffff => "Chinese or Japanese",
        0x1f000..=0x1faff => "emoji",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coverage_has_what_it_is_made_of_and_nothing_else() {
        let points = [0x41, 0x43, 0x42, 0x43, 0x60, 0x5d0];
        let coverage = Coverage::of(points.to_vec());
        for point in 0..0x700 {
            let c = char::from_u32(point).unwrap();
            assert_eq!(coverage.has(c), points.contains(&point), "{point:x}");
        }
        assert!(Coverage::default().has('x'));
    }
}
