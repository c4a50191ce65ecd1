import Charts

/// How wide a grid of cells is about, so that a page knows where a reader must be able to scroll it, and how it fits on paper.
struct GridWidth {
    /// How a grid fits on paper.
    enum Print {
        /// In the usual type, or in smaller type.
        case usual, small
        /// On a sheet that is turned, in the usual or in very small type.
        case turned, tiny
        /// Not even so.
        case cut

        /// The class of the style sheet; `nil` for the usual type.
        var style: String? {
            switch self {
            case .usual: nil
            case .small: "pb-print-small"
            case .turned: "pb-print-turned"
            case .tiny: "pb-print-turned pb-print-tiny"
            case .cut: "pb-print-turned pb-print-tiny pb-print-cut"
            }
        }
    }

    /// In multiples of the font size: with every word on its own line, and with column heads alone broken into words.
    private let (least, printed): (Double, Double)

    /// Columns of words that wrap, and on a phone take a whole line's width of their own.
    let isLong: [Bool]

    /// - Parameters:
    ///   - texts: `[row][column]`
    ///   - isNumeric: columns whose cells stay on one line, as all heads of such a grid do; nil for a table of prose, which wraps.
    init(_ names: [String], _ texts: [[String]], isNumeric: [Bool]? = nil) {
        var (least, printed) = (0.0, 0.0)
        var isLong: [Bool] = []
        for (column, name) in names.enumerated() {
            let cells = texts.map { $0[column] }
            let widest = cells.map(TextMetrics.width).max() ?? 0
            let isNumber = isNumeric?[column] ?? false
            isLong.append(!isNumber && widest > Self.wrapping)
            let head = isNumeric == nil ? Self.widestWord(name) : TextMetrics.width(of: name)
            let body = isNumber ? widest : isLong[column] ? 0 : cells.map(Self.widestWord).max() ?? 0
            least += max(max(head, body) * TextMetrics.fallback, isLong[column] ? Self.wrapping : 0) + Self.gap
            printed += max(Self.widestWord(name), isNumber ? widest : min(widest, 14)) + Self.gap
        }
        (self.least, self.printed, self.isLong) = (least, printed, isLong)
    }

    /// Between columns, in multiples of the font size, as the style sheet has it.
    private static let gap = 1.22
    /// How wide a column of longer texts is on a phone, in multiples of the font size.
    private static let wrapping = 11.0
    /// The narrowest page, less its margins, in multiples of a table's font size.
    private static let phone = 288 / 13.2

    /// Whether the grid fits a phone's page.
    var fitsPhone: Bool { least <= Self.phone }

    var print: Print {
        // Widths of a sheet's text in points over sizes of type.
        let (upright, turned) = (476.0, 723.0)
        if printed <= upright / 8 { return .usual }
        if printed <= upright / 6.5 { return .small }
        if printed <= turned / 7 { return .turned }
        return printed <= turned / 5 ? .tiny : .cut
    }

    private static func widestWord(_ text: String) -> Double {
        text.split(separator: " ").map { TextMetrics.width(of: String($0)) }.max() ?? 0
    }
}
