/// Ids for headings: their words in small letters with hyphens, each used once on a page.
struct HeadingAnchors {
    private var used: Set<String>
    /// Ids of the page itself begin like this, so no heading may.
    private static let reserved = ["block-", "figure-", "table-", "footnote-"]

    init() {
        used = ["", "contents", "parameters", "provenance", EmbeddedResults.id]
    }

    /// A new id for a heading of this text.
    mutating func anchor(for text: String) -> String {
        var slug = ""
        for scalar in text.unicodeScalars {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                slug += scalar.properties.lowercaseMapping
            } else if scalar == " " || scalar == "-" || scalar == "_" || scalar == "\n" {
                slug += scalar == "_" ? "_" : "-"
            }
        }
        if slug.isEmpty || Self.reserved.contains(where: slug.hasPrefix) { slug = "section-" + slug }
        var anchor = slug
        var number = 1
        while used.contains(anchor) {
            anchor = "\(slug)-\(number)"
            number += 1
        }
        used.insert(anchor)
        return anchor
    }
}
