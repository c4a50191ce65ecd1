import Markdown

/// A notebook as a publication: authors, date, DOI, abstract and headline values.
public struct Publication: Sendable {
    /// Someone who wrote it.
    public struct Author: Sendable, Equatable {
        /// The name, as it is printed.
        public let name: String
        /// The ORCID iD: `0000-0002-1825-0097`.
        public let orcid: String?
        /// Where the author works.
        public let affiliation: String?

        /// An author by name.
        public init(_ name: String, orcid: String? = nil, affiliation: String? = nil) {
            self.name = name
            self.orcid = orcid
            self.affiliation = affiliation
        }
    }

    /// A main result.
    public struct Headline: Sendable {
        /// What the author calls it; nil for the words of the command that gives the value.
        public let name: String?
        /// The value, and how it is written.
        public let value: InlineValue

        /// A main result, with the author's own name or without.
        public init(_ value: InlineValue, name: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    /// In the order in which they are printed.
    public var authors: [Author] = []
    /// The day, as `2026-11-29`; the author gives it, and no clock.
    public var date: String?
    /// The DOI, without any address in front: `10.1000/182`.
    public var doi: String?
    /// Paragraphs and lists with their inline values.
    public var abstract: [MarkdownBlock] = []
    /// The main results, for the head of the page and for lists of reports.
    public var headline: [Headline] = []

    /// A publication that says nothing of itself.
    public init() {}
}
