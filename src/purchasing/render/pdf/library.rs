//! The fonts that a site has: Helvetica without a file, DejaVu Sans inside poms (Latin, Greek,
//! Cyrillic, Armenian, Georgian, Hebrew, Arabic), and the site's own files for everything else.

use super::fonts::Weight;
use crate::domain::script::Coverage;
use crate::files;
use encoding_rs::WINDOWS_1252;
use rustybuzz::Face;
use std::path::Path;
use std::sync::LazyLock;

/// DejaVu Sans by weight: the files in `assets/fonts`.
static EMBEDDABLE: [(&str, &[u8]); 2] = [
    (
        "DejaVuSans",
        include_bytes!("../../../../assets/fonts/DejaVuSans.ttf"),
    ),
    (
        "DejaVuSans-Bold",
        include_bytes!("../../../../assets/fonts/DejaVuSans-Bold.ttf"),
    ),
];

/// DejaVu's letters are larger than Helvetica's of the same size; this makes them even.
const DEJAVU_SCALE: f32 = 0.9;

/// Bytes of a font file: the largest that Debian has are below 30 MiB.
const LARGEST: u64 = 64 << 20;

/// A font that can be put into a file.
pub struct Font {
    /// Its PostScript name, without what PDF names cannot hold.
    pub name: String,
    /// Size of its letters in proportion to Helvetica's.
    pub scale: f32,
    /// The whole file.
    pub data: &'static [u8],
    /// Its place in a collection; 0 in a file of one.
    pub index: u32,
    /// Read.
    pub face: Face<'static>,
}

impl Font {
    fn new(name: &str, scale: f32, data: &'static [u8], index: u32) -> Option<Font> {
        let face = Face::from_slice(data, index)?;
        let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        Some(Font {
            name: name.chars().filter(plain).collect(),
            scale,
            data,
            index,
            face,
        })
    }

    /// Units of the font in thousandths of the size of the text around it.
    pub fn thousandths(&self, units: i32) -> f32 {
        units as f32 * 1000.0 * self.scale / (self.face.units_per_em().max(1) as f32)
    }
}

/// All fonts of a site, the first two DejaVu Sans by weight.
#[derive(Default)]
pub struct FontLibrary {
    own: Vec<Font>,
}

static DEJAVU: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let read = |(name, data): &(&str, &'static [u8])| Font::new(name, DEJAVU_SCALE, data, 0);
    EMBEDDABLE.iter().filter_map(read).collect()
});

impl FontLibrary {
    /// DejaVu Sans and these files, in the order in which they are asked for a letter: TrueType or
    /// OpenType; `FILE#2` is the third font of a collection.
    ///
    /// # Errors
    /// A sentence that names the file, and what is wrong with it.
    pub fn load(files: &[impl AsRef<Path>]) -> Result<FontLibrary, String> {
        let own = files.iter().map(|file| load(file.as_ref()));
        Ok(FontLibrary {
            own: own.collect::<Result<_, _>>()?,
        })
    }

    /// How many fonts there are.
    pub fn count(&self) -> usize {
        DEJAVU.len() + self.own.len()
    }

    /// One of them.
    pub fn font(&self, number: usize) -> Option<&Font> {
        let built_in = DEJAVU.len();
        DEJAVU
            .get(number)
            .or_else(|| self.own.get(number.checked_sub(built_in)?))
    }

    /// The first font that has a character; of DejaVu Sans, the one of this weight.
    pub fn that_has(&self, c: char, weight: Weight) -> Option<usize> {
        let usable = (0..self.count()).filter(|number| *number >= 2 || *number == weight as usize);
        let has = |number: &usize| {
            let face = self.font(*number).map(|font| &font.face);
            face.is_some_and(|face| face.glyph_index(c).is_some())
        };
        usable.into_iter().find(has)
    }

    /// Every character that paper can show.
    pub fn coverage(&self) -> Coverage {
        // what stands for nothing on paper is no gap in it
        let mut points: Vec<u32> = (0..0x20).chain(0x200b..=0x200f).chain([0xfeff]).collect();
        let bytes: Vec<u8> = (0x20..=0xff).collect();
        points.extend(WINDOWS_1252.decode(&bytes).0.chars().map(u32::from));
        for font in (0..self.count()).filter_map(|number| self.font(number)) {
            let tables = font.face.tables().cmap.into_iter();
            let tables = tables.flat_map(|table| table.subtables);
            for table in tables.filter(|table| table.is_unicode()) {
                table.codepoints(|point| points.push(point));
            }
        }
        Coverage::of(points)
    }
}

fn load(path: &Path) -> Result<Font, String> {
    let said = path.display();
    let text = path.to_string_lossy();
    let (file, index) = match text.rsplit_once('#') {
        Some((file, number)) => match number.parse() {
            Ok(index) => (Path::new(file).to_owned(), index),
            Err(_) => (path.to_owned(), 0),
        },
        None => (path.to_owned(), 0),
    };
    let data = files::read(&file, LARGEST)
        .map_err(|fault| format!("the font {said} cannot be read: {fault}; correct site.fonts"))?;
    // a font lives as long as the process: it is read once, and every document may borrow it
    let data: &'static [u8] = Box::leak(data.into_boxed_slice());
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let font = Font::new(&stem, 1.0, data, index).ok_or_else(|| {
        format!("the font {said} is no TrueType or OpenType font (.ttf, .otf, .ttc): name another in site.fonts")
    })?;
    let outlines = font.face.tables();
    match outlines.glyf.is_some() || outlines.cff.is_some() {
        true => Ok(font),
        false => Err(format!(
            "the font {said} has no outlines that a PDF can hold (it may be a bitmap, colour or CFF2 font): name another in site.fonts"
        )),
    }
}
