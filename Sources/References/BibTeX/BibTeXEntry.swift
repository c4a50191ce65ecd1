/// Turns the fields of a BibTeX entry into a work.
struct BibTeXEntry {
    private let entry: BibTeXFile.Entry
    private(set) var problems: [BibliographyProblem] = []

    init(_ entry: BibTeXFile.Entry) { self.entry = entry }

    mutating func reference() -> Reference {
        let type = BibTeXType(entry.type)
        var work = Reference(key: entry.key, kind: type?.kind ?? .document, range: entry.keyRange)
        for (role, field) in [
            (Reference.Role.author, "author"), (.editor, "editor"), (.translator, "translator"),
            (.containerAuthor, "bookauthor"),
        ] {
            guard let value = entry[field]?.value else { continue }
            let names = names(value)
            if !names.isEmpty { work.names[role] = names }
        }
        texts(into: &work)
        work.texts[.genre] = text("type") ?? type?.genre.map { RichText($0) }
        publisher(into: &work)
        numbers(into: &work)
        addresses(into: &work)
        work.issued = issued()
        work.accessed = entry["urldate"].flatMap { date($0.value) }
        if work.kind == .articleJournal, entry["entrysubtype"]?.value.text == "magazine" {
            work.kind = .articleMagazine
        }
        if work.kind == .articleJournal, entry["entrysubtype"]?.value.text == "newspaper" {
            work.kind = .articleNewspaper
        }
        return work
    }

    private mutating func texts(into work: inout Reference) {
        var title = text("title")
        if let subtitle = text("subtitle") {
            title?.add(": ")
            title?.add(subtitle)
        }
        work.texts[.title] = title
        work.texts[.containerTitle] =
            text("journaltitle") ?? text("journal") ?? text("maintitle") ?? text("booktitle")
        work.texts[.collectionTitle] = text("series")
        work.texts[.edition] = text("edition")
        work.texts[.event] = text("eventtitle")
        work.texts[.eventPlace] = text("venue")
        work.texts[.version] = text("version")
        work.texts[.note] = text("note")
        work.texts[.status] = text("pubstate")
    }

    private mutating func publisher(into work: inout Reference) {
        var publisher = RichText()
        for field in ["school", "institution", "organization", "howpublished", "publisher"] {
            guard let text = text(field), !text.isEmpty else { continue }
            if !publisher.isEmpty { publisher.add("; ") }
            publisher.add(text)
        }
        if !publisher.isEmpty { work.texts[.publisher] = publisher }
        work.texts[.publisherPlace] = text("address") ?? text("location")
    }

    private mutating func numbers(into work: inout Reference) {
        work.texts[.volume] = text("volume")
        work.texts[.numberOfVolumes] = text("volumes")
        work.texts[.page] = (text("pages") ?? text("eid"))?.mapped {
            $0.replacing("-", with: "–").replacing("––", with: "–")
        }
        let number = text("number") ?? text("issue")
        switch work.kind {
        case .report, .patent, .legislation, .standard: work.texts[.number] = number
        case .book, .chapter, .paperConference, .pamphlet: work.texts[.collectionNumber] = number
        default: work.texts[.issue] = number
        }
    }

    private mutating func addresses(into work: inout Reference) {
        if var doi = raw("doi") {
            for prefix in ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"]
            where doi.lowercased().hasPrefix(prefix) {
                doi = String(doi.dropFirst(prefix.count))
            }
            work.texts[.doi] = RichText(doi)
        }
        if let url = raw("url") { work.texts[.url] = RichText(url) }
        let kind = (raw("eprinttype") ?? raw("archiveprefix"))?.lowercased()
        if work.texts[.url] == nil, let eprint = raw("eprint") {
            switch kind {
            case "arxiv":
                work.texts[.url] = RichText("https://arxiv.org/abs/\(eprint)")
            case "jstor": work.texts[.url] = RichText("https://www.jstor.org/stable/\(eprint)")
            case "pubmed": work.texts[.url] = RichText("https://www.ncbi.nlm.nih.gov/pubmed/\(eprint)")
            default: break
            }
        }
    }

    // MARK: Dates

    private mutating func issued() -> PublicationDate? {
        if let field = entry["date"] { return date(field.value) }
        guard let year = text("year")?.plainText, !year.isEmpty else { return nil }
        guard let field = entry["month"] else { return PublicationDate(year: year) }
        // `10~jan` has the day in front.
        let words = field.value.text.lowercased().split { !$0.isLetter && !$0.isNumber }
        var month: Int?
        var day = entry["day"].flatMap { Int($0.value.text) }
        for word in words {
            if let name = PublicationDate.months.firstIndex(where: { $0.lowercased().hasPrefix(word) }), word.count >= 3
            {
                month = name + 1
            } else if let number = Int(word) {
                if words.count == 1 { month = number } else if day == nil { day = number }
            }
        }
        // Two words that are both numbers are the day and the month that a macro stands for.
        if month == nil, words.count == 2, let number = Int(words[1]) { month = number }
        guard let month, 1...12 ~= month else {
            problems.append(BibliographyProblem(.badDate(field.value.text), field.value.whole))
            return PublicationDate(year: year)
        }
        return PublicationDate(year: year, month: month, day: day.flatMap { 1...31 ~= $0 ? $0 : nil })
    }

    /// `2020`, `2020-06-03`, `2019/2020`.
    private mutating func date(_ value: BibTeXFile.Value) -> PublicationDate? {
        let ends = value.text.split(separator: "/", omittingEmptySubsequences: true).map { Self.date(String($0)) }
        guard let first = ends.first, let start = first, let last = ends[ends.count - 1] else {
            problems.append(BibliographyProblem(.badDate(value.text), value.whole))
            return nil
        }
        return start.year == last.year ? start : PublicationDate(year: "\(start.year)–\(last.year)")
    }

    private static func date(_ text: String) -> PublicationDate? {
        let parts = text.split(separator: "-").map { Int($0) }
        guard (1...3).contains(parts.count), let year = parts[0], parts.allSatisfy({ $0 != nil }),
            parts.count < 2 || 1...12 ~= parts[1] ?? 0, parts.count < 3 || 1...31 ~= parts[2] ?? 0
        else { return nil }
        return PublicationDate(
            year: String(year), month: parts.count > 1 ? parts[1] : nil, day: parts.count > 2 ? parts[2] : nil)
    }

    // MARK: Texts

    private mutating func text(_ field: String) -> RichText? {
        guard let value = entry[field]?.value else { return nil }
        var reader = LaTeXText(value)
        let text = reader.text().trimmed
        problems += reader.problems
        return text.isEmpty ? nil : text
    }

    /// What is no LaTeX, such as an address; a `\` in front of a sign is left out.
    private func raw(_ field: String) -> String? {
        guard var text = entry[field]?.value.text else { return nil }
        if text.hasPrefix("\\url{"), text.hasSuffix("}") { text = String(text.dropFirst(5).dropLast()) }
        for sign in ["_", "%", "&", "#", "~", "$"] { text = text.replacing("\\" + sign, with: sign) }
        text = text.filter { !$0.isWhitespace && $0 != "{" && $0 != "}" }
        return text.isEmpty ? nil : text
    }

    private mutating func names(_ value: BibTeXFile.Value) -> [PersonName] {
        var reader = BibTeXNames(value)
        let names = reader.names()
        problems += reader.problems
        return names
    }
}
