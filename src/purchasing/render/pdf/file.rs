//! The PDF file around the pages (ISO 32000-1). No clock and no random number goes into it.

use super::fonts::{Embedded, Fonts, Weight};
use super::sheet::{PAGE, font_name};
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
    let embedded: Vec<(Weight, &Embedded, Ref)> = fonts
        .embedded()
        .map(|(weight, font)| (weight, font, numbers.take(FONT_OBJECTS)))
        .collect();
    let mut shared = pdf
        .indirect(resources)
        .start::<pdf_writer::writers::Resources>();
    let mut names = shared.fonts();
    for (weight, _, id) in standard {
        names.pair(Name(font_name(weight, false)), id);
    }
    for (weight, _, id) in &embedded {
        names.pair(Name(font_name(*weight, true)), *id);
    }
    names.finish();
    shared.finish();
    for (_, name, id) in standard {
        pdf.type1_font(id)
            .base_font(Name(name.as_bytes()))
            .encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for (weight, font, id) in embedded {
        write_embedded(pdf, weight, font, id)?;
    }
    Ok(())
}

/// A composite font over the subset, codes being its glyph numbers, with the way back to text.
fn write_embedded(
    pdf: &mut Pdf,
    weight: Weight,
    font: &Embedded,
    id: Ref,
) -> Result<(), subsetter::Error> {
    let object = |offset: i32| Ref::new(id.get() + offset);
    let (cid, descriptor, file, cmap) = (object(1), object(2), object(3), object(4));
    let name = match weight {
        Weight::Regular => Name(b"PMSAAA+DejaVuSans"),
        Weight::Bold => Name(b"PMSAAB+DejaVuSans-Bold"),
    };
    pdf.type0_font(id)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid)
        .to_unicode(cmap);
    let mut descendant = pdf.cid_font(cid);
    descendant
        .subtype(CidFontType::Type2)
        .base_font(name)
        .system_info(IDENTITY)
        .font_descriptor(descriptor)
        .cid_to_gid_map_predefined(Name(b"Identity"));
    let mut widths = descendant.widths();
    for (code, (_, wide)) in &font.used {
        widths.consecutive(*code, [*wide]);
    }
    widths.finish();
    descendant.finish();
    let scale = 1000.0 / f32::from(font.face.units_per_em()).max(1.0);
    let tall = |units: i16| f32::from(units) * scale;
    let bounds = font.face.global_bounding_box();
    pdf.font_descriptor(descriptor)
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
        .stem_v(if weight == Weight::Bold { 150.0 } else { 80.0 })
        .font_file2(file);
    let bytes = subsetter::subset(font.data, 0, &font.glyphs)?;
    pdf.stream(file, &bytes)
        .pair(Name(b"Length1"), bytes.len() as i32);
    let mut map = UnicodeCmap::new(Name(b"poms-to-unicode"), IDENTITY);
    for (code, (c, _)) in &font.used {
        map.pair(*code, *c);
    }
    let map = map.finish();
    pdf.stream(cmap, map.as_slice());
    Ok(())
}
