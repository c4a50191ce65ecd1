import Maths

/// Formulas: code spans between two `$`, and fences whose info string is `math`.
extension MarkdownParser {
    /// The formula in a fence.
    mutating func formula(_ node: CMarkNode, _ text: MarkdownText) -> MarkdownBlock {
        let whole = text.range(node)
        let body = source.bytes[whole].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? whole.lowerBound
        let fallback = text.opening(node)
        return .formula(formula(node.literal, isDisplay: true, in: body..<whole.upperBound, fallback))
    }

    /// The formula in a code span.
    mutating func formula(_ content: String, _ place: inout InlinePlace) -> MathFormula {
        formula(content, isDisplay: false, in: place.finder.nextSpan(content), place.fallback)
    }

    private mutating func formula(
        _ content: String, isDisplay: Bool, in range: Range<Int>?, _ fallback: SourceLocation
    ) -> MathFormula {
        let (formula, problems) = MathFormula.read(content, isDisplay: isDisplay)
        guard !problems.isEmpty else { return formula }
        let places = range.map { source.places(of: content, in: $0) }
        for problem in problems where !log.isFull {
            let start = places.map { $0[problem.range.lowerBound] }
            let end = places.map { $0[max(problem.range.lowerBound, problem.range.upperBound - 1)] + 1 }
            var location = fallback
            if let start, let end {
                location = source.location(at: start, length: problem.range.isEmpty ? 0 : end - start)
            }
            // A formula's own lines bound what is shown of it.
            let written = String(decoding: Array(content.utf8)[problem.range], as: UTF8.self)
            log.add(
                .badFormula, at: location, problem.description,
                replacements: Suggestion.closest(to: written, among: problem.known), help: problem.help)
        }
        return formula
    }
}

extension SourceText {
    /// Where each byte of a text stands in the source that it was read from, and where the text ends.
    ///
    /// Blanks, marks of quotes and backslashes may have been taken out on the way: they are stepped over where they differ.
    func places(of content: String, in range: Range<Int>) -> [Int] {
        var places: [Int] = []
        var place = range.lowerBound
        for byte in content.utf8 {
            while place < range.upperBound, bytes[place] != byte, " \t\r\n>\\'\"".utf8.contains(bytes[place]) {
                // A line end inside a code span is read as a blank.
                if byte == UInt8(ascii: " "), bytes[place] == UInt8(ascii: "\n") { break }
                place += 1
            }
            places.append(min(place, range.upperBound))
            place = min(place + 1, range.upperBound)
        }
        return places + [place]
    }
}
