import Charts
import Notebooks

/// What the head of a page says of its authors, and how to cite it.
struct FrontView {
    var hasAuthors = false
    var authors: [AuthorView] = []
    var date: String?
    /// The address that a DOI leads to, and the DOI.
    var doiAddress: String?
    var doi: String?
    var abstract: String?
    var hasHeadline = false
    var headline: [FactView] = []
    var hasCitation = false
    var citation: String?
    var bibTeX: String?

    static let fields: [String: TemplateField] = [
        "hasAuthors": .text, "authors": .view(AuthorView.fields), "date": .text, "doiAddress": .text, "doi": .text,
        "abstract": .text, "hasHeadline": .text, "headline": .view(FactView.fields), "hasCitation": .text,
        "citation": .text, "bibTeX": .text,
    ]

    /// - Throws: `ReportError` when the text quotes what is not there.
    init(_ evaluation: Evaluation, _ prose: inout ProseHTML) throws(ReportError) {
        let publication = evaluation.publication
        authors = publication.authors.map { author in
            AuthorView(
                name: Markup.escaped(author.name), orcid: author.orcid,
                affiliation: author.affiliation.map { Markup.escaped($0) })
        }
        hasAuthors = !authors.isEmpty
        date = publication.date
        doi = publication.doi.map { Markup.escaped($0) }
        doiAddress = publication.doi.flatMap { LinkDestination.href("https://doi.org/\($0)") }
        if !publication.abstract.isEmpty { abstract = try prose.html(publication.abstract) }
        for entry in publication.headline {
            headline.append(
                FactView(
                    name: Markup.escaped(prose.values.name(of: entry)), value: try prose.values.headline(entry.value)))
        }
        hasHeadline = !headline.isEmpty
        guard hasAuthors || publication.doi != nil else { return }
        let citation = PageCitation(
            title: try prose.plain(evaluation.title), publication: publication,
            name: evaluation.name.split(separator: ".").first.map(String.init) ?? "")
        hasCitation = true
        self.citation = Markup.escaped(citation.sentence)
        bibTeX = Markup.escaped(citation.bibTeX)
    }
}

/// One author of a report.
struct AuthorView {
    let name: String
    let orcid: String?
    let affiliation: String?

    static let fields: [String: TemplateField] = ["name": .text, "orcid": .text, "affiliation": .text]
}
