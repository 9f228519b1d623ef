//! The PDF file around the pages (ISO 32000-1). No clock and no random number goes into it.

use super::fonts::{Fonts, Used, Weight};
use super::library::Font;
use super::sheet::{PAGE, font_name, standard_name};
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Finish, Name, Pdf, Rect, Ref, Str, TextStr};

/// Objects of one embedded font, in the order in which they are written.
const FONT_OBJECTS: i32 = 5;

const IDENTITY: SystemInfo = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// Gives out object numbers.
struct Numbers(i32);

impl Numbers {
    fn take(&mut self, count: i32) -> Ref {
        let first = self.0;
        self.0 += count;
        Ref::new(first)
    }
}

/// Writes the file.
///
/// # Errors
/// When a font cannot be subset, which does not happen with those in `assets/fonts`.
pub fn write(
    title: &str,
    author: &str,
    pages: &[Vec<u8>],
    fonts: &Fonts,
) -> Result<Vec<u8>, subsetter::Error> {
    let size: usize = pages.iter().map(Vec::len).sum();
    let mut pdf = Pdf::with_capacity(size + 4096);
    let mut numbers = Numbers(1);
    let (catalog, tree, info, resources) = (
        numbers.take(1),
        numbers.take(1),
        numbers.take(1),
        numbers.take(1),
    );
    let mut root = pdf.catalog(catalog);
    root.pages(tree).lang(TextStr("en-US"));
    root.viewer_preferences().display_doc_title(true);
    root.finish();
    pdf.document_info(info)
        .title(TextStr(title))
        .author(TextStr(author))
        .creator(TextStr("poms"))
        .producer(TextStr("poms"));
    write_fonts(&mut pdf, &mut numbers, resources, fonts)?;
    let first = numbers.take(2 * pages.len() as i32).get();
    let page_of = |place: usize| Ref::new(first + 2 * place as i32);
    pdf.pages(tree)
        .kids((0..pages.len()).map(page_of))
        .count(pages.len() as i32)
        .media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1))
        .pair(Name(b"Resources"), resources);
    for (place, content) in pages.iter().enumerate() {
        let id = page_of(place);
        pdf.page(id).parent(tree).contents(Ref::new(id.get() + 1));
        pdf.stream(Ref::new(id.get() + 1), content);
    }
    Ok(pdf.finish())
}

/// Writes the resources that all pages share and the fonts in them.
fn write_fonts(
    pdf: &mut Pdf,
    numbers: &mut Numbers,
    resources: Ref,
    fonts: &Fonts,
) -> Result<(), subsetter::Error> {
    let standard = [
        (Weight::Regular, "Helvetica"),
        (Weight::Bold, "Helvetica-Bold"),
    ]
    .map(|(weight, name)| (weight, name, numbers.take(1)));
    let embedded: Vec<(usize, &Font, &Used, Ref)> = fonts
        .embedded()
        .map(|(number, font, used)| (number, font, used, numbers.take(FONT_OBJECTS)))
        .collect();
    let mut shared = pdf
        .indirect(resources)
        .start::<pdf_writer::writers::Resources>();
    let mut names = shared.fonts();
    for (weight, _, id) in standard {
        names.pair(Name(standard_name(weight)), id);
    }
    for (number, _, _, id) in &embedded {
        names.pair(Name(font_name(*number).as_bytes()), *id);
    }
    names.finish();
    shared.finish();
    for (_, name, id) in standard {
        pdf.type1_font(id)
            .base_font(Name(name.as_bytes()))
            .encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for (number, font, used, id) in embedded {
        write_embedded(pdf, number, (font, used), id)?;
    }
    Ok(())
}

/// A composite font over the subset, codes being its glyph numbers, with the way back to text.
fn write_embedded(
    pdf: &mut Pdf,
    number: usize,
    (font, used): (&Font, &Used),
    id: Ref,
) -> Result<(), subsetter::Error> {
    let object = |offset: i32| Ref::new(id.get() + offset);
    let (cid, descriptor, file, cmap) = (object(1), object(2), object(3), object(4));
    // six capitals tell one subset from another (ISO 32000-1, 9.6.4)
    let letter = char::from(b'A' + u8::try_from(number % 26).unwrap_or(0));
    let name = format!("PMSAA{letter}+{}", font.name);
    let name = Name(name.as_bytes());
    let cff = font.face.tables().cff.is_some();
    pdf.type0_font(id)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid)
        .to_unicode(cmap);
    let mut descendant = pdf.cid_font(cid);
    descendant
        .subtype(match cff {
            true => CidFontType::Type0,
            false => CidFontType::Type2,
        })
        .base_font(name)
        .system_info(IDENTITY)
        .font_descriptor(descriptor);
    if !cff {
        descendant.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    let mut widths = descendant.widths();
    for (code, (_, wide)) in &used.codes {
        widths.consecutive(*code, [*wide]);
    }
    widths.finish();
    descendant.finish();
    describe(pdf, number, font, name, (descriptor, file));
    let bytes = subsetter::subset(font.data, font.index, &used.glyphs)?;
    match cff {
        true => {
            let table = rustybuzz::ttf_parser::RawFace::parse(&bytes, 0).ok();
            let table =
                table.and_then(|face| face.table(rustybuzz::ttf_parser::Tag::from_bytes(b"CFF ")));
            let table = table.unwrap_or(&bytes);
            pdf.stream(file, table)
                .pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        }
        false => {
            pdf.stream(file, &bytes)
                .pair(Name(b"Length1"), bytes.len() as i32);
        }
    }
    let mut map = UnicodeCmap::new(Name(b"poms-to-unicode"), IDENTITY);
    for (code, (text, _)) in used.codes.iter().filter(|(_, (text, _))| !text.is_empty()) {
        map.pair_with_multiple(*code, text.chars());
    }
    let map = map.finish();
    pdf.stream(cmap, map.as_slice());
    Ok(())
}

/// The font's descriptor (ISO 32000-1, 9.8).
fn describe(pdf: &mut Pdf, number: usize, font: &Font, name: Name, (id, file): (Ref, Ref)) {
    let scale = 1000.0 / (font.face.units_per_em().max(1) as f32);
    let tall = |units: i16| f32::from(units) * scale;
    let bounds = font.face.global_bounding_box();
    let mut descriptor = pdf.font_descriptor(id);
    descriptor
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(
            tall(bounds.x_min),
            tall(bounds.y_min),
            tall(bounds.x_max),
            tall(bounds.y_max),
        ))
        .italic_angle(0.0)
        .ascent(tall(font.face.ascender()))
        .descent(tall(font.face.descender()))
        .cap_height(tall(font.face.capital_height().unwrap_or(1493)))
        .stem_v(match number == Weight::Bold as usize {
            true => 150.0,
            false => 80.0,
        });
    match font.face.tables().cff.is_some() {
        true => descriptor.font_file3(file),
        false => descriptor.font_file2(file),
    };
}
