/// Ids for headings: their words in small letters with hyphens, each used once on a page. Links find them with ``PageAnchors``.
public struct HeadingAnchors: Sendable {
    /// The id of the page's own results, as data.
    public static let results = "patchbook-results"
    /// The id of the list of works that the page cites.
    public static let references = "patchbook-references"
    /// Ids of the page itself, which no heading may have.
    static let ofThePage: Set<String> = [
        "abstract", "cite", "contents", "parameters", "provenance",
    ]
    /// Ids of the page itself begin like this too.
    static let reserved = ["block-", "figure-", "table-", "claim-", "footnote-", "pb-", "patchbook-"]

    private var used = Self.ofThePage.union([""])
    /// The next number to try after a slug, so that a page of equal headings takes no longer than any other.
    private var numbers: [String: Int] = [:]

    /// No id is used yet.
    public init() {}

    /// A new id for a heading of this text.
    public mutating func anchor(for text: String) -> String {
        var slug = Self.slug(text)
        if slug.isEmpty || Self.reserved.contains(where: slug.hasPrefix) { slug = "section-" + slug }
        var anchor = slug
        var number = numbers[slug, default: 1]
        while used.contains(anchor) {
            anchor = "\(slug)-\(number)"
            number += 1
        }
        used.insert(anchor)
        numbers[slug] = number
        return anchor
    }

    /// A text in small letters with hyphens.
    static func slug(_ text: String) -> String {
        var slug = ""
        for scalar in text.unicodeScalars {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                slug += scalar.properties.lowercaseMapping
            } else if scalar == " " || scalar == "-" || scalar == "_" || scalar == "\n" {
                slug += scalar == "_" ? "_" : "-"
            }
        }
        return slug
    }
}
