/// The measures a chart is drawn with, and the words that name it for a reader who cannot see it.
public struct Theme: Sendable, Equatable {
    /// Goes in front of every id in the drawing; unique within a page.
    public var idPrefix: String
    /// Becomes the drawing's `<title>`.
    public var title: String
    /// Becomes the drawing's `<desc>`; none is written when empty.
    public var description: String
    /// Width of the drawing in pixels.
    public var width: Double
    /// Width of the room beside the drawing, where a wide page shows names of lines.
    public var margin: Double
    /// Height of the plotting area in pixels, without axes and legends.
    public var plotHeight: Double
    /// Size of all text in pixels.
    public var fontSize: Double

    /// A theme with a report's usual measures.
    public init(
        idPrefix: String, title: String, description: String = "", width: Double = 480, margin: Double = 208,
        plotHeight: Double = 270, fontSize: Double = 13
    ) {
        precondition(width >= 200 && plotHeight >= 60, "a chart of \(width) × \(plotHeight) pixels is too small")
        self.idPrefix = idPrefix
        self.title = title
        self.description = description
        self.width = width
        self.margin = margin
        self.plotHeight = plotHeight
        self.fontSize = fontSize
    }

    /// Height of one line of text in pixels.
    var lineHeight: Double { (fontSize * 1.4).rounded() }

    /// About how many ticks an axis of values has.
    var valueTicks: Int { Int((plotHeight / 60).rounded(.up)) + 2 }

    /// Width of a text in pixels.
    func textWidth(_ text: String) -> Double { TextMetrics.width(of: text) * TextMetrics.fallback * fontSize }

    /// The text, or as much of it as fits in `width` pixels with an ellipsis at the end; empty where not even that fits.
    func fitted(_ text: String, into width: Double) -> String {
        guard textWidth(text) > width else { return text }
        var room = width - textWidth("…")
        guard room >= 0 else { return "" }
        var kept = ""
        for character in text {
            room -= textWidth(String(character))
            guard room >= 0 else { break }
            kept.append(character)
        }
        while kept.hasSuffix(" ") { kept.removeLast() }
        return kept + "…"
    }
}
