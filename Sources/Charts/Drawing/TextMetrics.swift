/// Widths of text in the Helvetica family (Helvetica, Arial, Liberation Sans share them), which the style sheet asks for in charts.
package enum TextMetrics {
    /// Advance widths of U+0020…U+007E in thousandths of the font size (Adobe's Helvetica metrics).
    private static let ascii: [Double] = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
        556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
        667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
        556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ]

    /// How much wider a page's font may be where the family is not installed (DejaVu Sans: 10 to 18 %).
    package static let fallback = 1.18

    /// Width of a text as a multiple of the font size.
    package static func width(of text: String) -> Double {
        var sum = 0.0
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x20...0x7E: sum += ascii[Int(scalar.value) - 0x20]
            case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: break
            case 0x2212: sum += 584
            case 0x2009, 0x202F: sum += 200
            case 0x2070...0x207F, 0xB2, 0xB3, 0xB9: sum += 333
            case 0x2026, 0x2190...0x21FF: sum += 1000
            case 0x1100...0xFFEF where scalar.value < 0x2000 || scalar.value > 0x2E7F: sum += 1000
            case 0x1F000...: sum += 1300
            default: sum += 600
            }
        }
        return sum / 1000
    }
}
