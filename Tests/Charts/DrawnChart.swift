import Charts
import Foundation
import FoundationXML

/// What a chart's markup draws, read back with the places of everything in pixels of its view box.
final class DrawnChart: NSObject, XMLParserDelegate {
    struct Box: CustomStringConvertible {
        let what: String
        let x: ClosedRange<Double>
        let y: ClosedRange<Double>
        /// Whether it stands in the room beside the drawing.
        let isBeside: Bool
        var description: String { "\(what) at x \(x), y \(y)" }
    }

    private(set) var size = (width: 0.0, height: 0.0)
    private(set) var texts: [Box] = []
    private(set) var shapes: [Box] = []
    /// How many strokes and outlines there are of each class, by the class's first word.
    private(set) var outlines: [String: Int] = [:]
    /// What a reader who points at the marks is told, with the series in front.
    private(set) var readings: [String] = []
    private(set) var problem: String?
    private var places = [(x: 0.0, y: 0.0, across: 1.0, down: 1.0)]
    /// The attributes of the groups around.
    private var groups: [[String: String]] = []
    private var text: (attributes: [String: String], words: String)?
    private static let fontSize = 13.0
    /// The room beside a drawing (`Theme.margin`).
    private static let margin = 208.0

    init(_ markup: String) {
        super.init()
        let parser = XMLParser(data: Data(markup.utf8))
        parser.delegate = self
        if !parser.parse() { problem = "not XML: \(parser.parserError.map { "\($0)" } ?? "")" }
    }

    /// What breaks the rules of every chart; nil for a good one.
    var fault: String? {
        if let problem { return problem }
        guard size.width.isFinite, size.height.isFinite, size.width > 0, size.height > 0 else { return "size \(size)" }
        for box in texts + shapes {
            let right = size.width + (box.isBeside ? Self.margin : 0)
            let isInside =
                box.x.lowerBound >= -0.51 && box.x.upperBound <= right + 0.51 && box.y.lowerBound >= -0.51
                && box.y.upperBound <= size.height + 0.51
            if !isInside { return "outside \(size): \(box)" }
        }
        for (index, box) in texts.enumerated() {
            // A hair's breadth is the rounding of places to tenths.
            for other in texts[..<index]
            where min(box.x.upperBound, other.x.upperBound) - max(box.x.lowerBound, other.x.lowerBound) > 0.15
                && min(box.y.upperBound, other.y.upperBound) - max(box.y.lowerBound, other.y.lowerBound) > 0.15
            {
                return "overlap: \(box), \(other)"
            }
        }
        return nil
    }

    // MARK: Reading

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        func number(_ key: String) -> Double { attributes[key].flatMap { Double($0) } ?? .nan }
        switch name {
        case "svg":
            size = (number("width"), number("height"))
            read(attributes["data-readings"] ?? "[]")
        case "g":
            groups.append(attributes)
            let numbers = Self.numbers(attributes["transform"] ?? "")
            let (at, scale) = (places[places.count - 1], numbers.count == 4 ? (numbers[2], numbers[3]) : (1, 1))
            let shift = numbers.count >= 2 ? (numbers[0], numbers[1]) : (0, 0)
            places.append((at.x + shift.0, at.y + shift.1, scale.0, scale.1))
        case "rect":
            add("rect", [number("x"), number("x") + number("width")], [number("y"), number("y") + number("height")])
        case "path" where attributes["class"] != "pb-hatch":
            addPath(attributes["d"] ?? "", attributes["class"] ?? groups.last?["class"] ?? "")
        case "text" where !groups.contains { $0["aria-hidden"] != nil }: text = (attributes, "")
        default: break
        }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        text?.words += string
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        switch name {
        case "g":
            places.removeLast()
            groups.removeLast()
        case "text": addText()
        default: break
        }
    }

    private func add(_ what: String, _ xs: [Double], _ ys: [Double]) {
        let at = places[places.count - 1]
        guard (xs + ys).allSatisfy(\.isFinite), let left = xs.min(), let right = xs.max(), let top = ys.min(),
            let bottom = ys.max()
        else {
            problem = "a \(what) at \(xs), \(ys)"
            return
        }
        shapes.append(
            Box(
                what: what, x: (at.x + left * at.across)...(at.x + right * at.across),
                y: (at.y + top * at.down)...(at.y + bottom * at.down), isBeside: isBeside))
    }

    private var isBeside: Bool { groups.contains { $0["class"] == "pb-beside" } }

    /// Reads the readings as the page's script does.
    private func read(_ json: String) {
        guard let groups = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[Any]] else {
            problem = "readings \(json)"
            return
        }
        func spoken(_ value: Any) -> String {
            (value as? String) ?? (value as? NSNumber).map { "\($0)".replacing("-", with: "\u{2212}") } ?? "?"
        }
        var lists: [[Any]] = []
        /// A list in which `[cell, 5]` fills five places, or the number of one before it.
        func list(_ json: Any) -> [Any] {
            guard let cells = json as? [Any] else { return (json as? Int).map { lists[$0] } ?? [] }
            lists.append(
                cells.flatMap { cell in
                    (cell as? [Any]).map { Array(repeating: $0[0], count: $0[1] as? Int ?? 0) } ?? [cell]
                })
            return lists[lists.count - 1]
        }
        for group in groups {
            if let name = group[0] as? String, let words = list(group[2]) as? [String] {
                let columns = group[3...].map(list)
                for mark in columns[0].indices {
                    var text = name.isEmpty ? words[0] : "\(name), \(words[0])"
                    for place in words.indices.dropFirst() { text += spoken(columns[place + 1][mark]) + words[place] }
                    readings.append(text)
                }
            } else if let rows = group[2] as? [Any], let columns = group[4] as? [Any] {
                let values = list(group[5])
                for (index, value) in values.enumerated() {
                    let (row, column) = index.quotientAndRemainder(dividingBy: columns.count)
                    readings.append(
                        "\(group[1]) \(spoken(rows[row])), \(group[3]) \(spoken(columns[column])): \(spoken(value))")
                }
            } else {
                problem = "a group of readings: \(group)"
            }
        }
    }

    private func addPath(_ data: String, _ style: String) {
        outlines[String(style.prefix { $0 != " " }), default: 0] += data.count { $0 == "M" }
        var (x, y) = (0.0, 0.0)
        var (xs, ys): ([Double], [Double]) = ([], [])
        var rest = data[...]
        while let command = rest.popFirst() {
            let part = rest.prefix { !$0.isLetter }
            rest = rest.dropFirst(part.count)
            let numbers = Self.numbers(String(part))
            switch command {
            case "M": (x, y) = (numbers[0], numbers[1])
            case "l": (x, y) = (x + numbers[0], y + numbers[1])
            case "h": x += numbers[0]
            case "v": y += numbers[0]
            case "a": (x, y) = (x + numbers[5], y + numbers[6])
            case "z": break
            default: problem = "path command \(command)"
            }
            xs.append(x)
            ys.append(y)
        }
        add("path", xs, ys)
    }

    private func addText() {
        guard let (attributes, words) = text, let x = attributes["x"].flatMap({ Double($0) }),
            let y = attributes["y"].flatMap({ Double($0) })
        else { return }
        text = nil
        let at = places[places.count - 1]
        let length: Double = TextMetrics.width(of: words) * TextMetrics.fallback * Self.fontSize
        let share: Double =
            switch groups.last?["text-anchor"] {
            case "middle": 0.5
            case "end": 1
            default: 0
            }
        let (rise, fall): (Double, Double) = (Self.fontSize * 0.74, Self.fontSize * 0.2)
        let (baseX, baseY): (Double, Double) = (at.x + x, at.y + y)
        if attributes["transform"] != nil {
            let start: Double = baseY + share * length
            texts.append(
                Box(what: words, x: (baseX - rise)...(baseX + fall), y: (start - length)...start, isBeside: isBeside))
        } else {
            let left: Double = baseX - share * length
            texts.append(
                Box(what: words, x: left...(left + length), y: (baseY - rise)...(baseY + fall), isBeside: isBeside))
        }
    }

    private static func numbers(_ text: String) -> [Double] {
        // A minus parts two numbers like a space.
        text.replacing("-", with: " -").split { !"+-.0123456789".contains($0) }.compactMap { Double($0) }
    }
}
