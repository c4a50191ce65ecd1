import TestSupport
import Testing

/// The elements of a whole page, without their texts and drawings.
@Suite struct OutlineTests {
    /// One line an element, indented by its depth, with its class, id and role; a run of equal lines is told once with its count.
    static func outline(_ page: String) -> String {
        var lines: [(text: String, count: Int)] = []
        var depth = 0
        var skipped: Substring?
        for piece in page.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
            let tag = piece.prefix { $0 != ">" }
            let name = tag.prefix { $0.isLetter || $0.isNumber || "/!".contains($0) }
            if let inside = skipped {
                if name == "/" + inside { skipped = nil }
                continue
            }
            if name.hasPrefix("!") { continue }
            // Rows and cells may do without end tags.
            if name == "/tr" || name == "/td" { continue }
            if name.hasPrefix("/") {
                depth -= 1
                continue
            }
            var words = String(name)
            for attribute in ["class", "id", "role", "tabindex"] {
                guard let value = tag.components(" \(attribute)=\"").first else { continue }
                words += " \(attribute)=" + value.prefix { $0 != "\"" }
            }
            let line = String(repeating: "  ", count: depth) + words
            if lines.last?.text == line { lines[lines.count - 1].count += 1 } else { lines.append((line, 1)) }
            if ["svg", "style", "script"].contains(name) {
                skipped = name
            } else if !["meta", "br", "hr", "img", "link", "input", "tr", "td"].contains(name) {
                depth += 1
            }
        }
        return lines.map { $0.count > 1 ? "\($0.text) × \($0.count)" : $0.text }.joined(separator: "\n") + "\n"
    }

    @Test("a page has the outline that its snapshot shows")
    func study() throws {
        let outline = Self.outline(try PageTests.page(SampleEvaluation.study))
        if let problem = try Snapshot.problem(outline, "pages/study-outline.txt") { Issue.record("\(problem)") }
    }
}

extension Substring {
    /// What follows each occurrence of a text, up to the next.
    fileprivate func components(_ separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false).dropFirst().map { $0 }
    }
}
