/// The entry of a work in the list of references, by the author-date form of the Chicago Manual of Style, 17th edition.
struct ReferenceWriter {
    private let work: Reference
    /// `a` where two works of the same authors and year are cited.
    private let yearSuffix: String
    private var text = RichText()

    static func entry(_ work: Reference, yearSuffix: String) -> RichText {
        var writer = ReferenceWriter(work, yearSuffix)
        writer.write()
        return writer.text
    }

    private init(_ work: Reference, _ yearSuffix: String) {
        self.work = work
        self.yearSuffix = yearSuffix
    }

    private var isBound: Bool { work.isBooklike || [.legalCase, .report].contains(work.kind) }
    private var isPart: Bool {
        [.chapter, .entryDictionary, .entryEncyclopedia, .paperConference].contains(work.kind)
    }

    // MARK: The entry

    private mutating func write() {
        let title = title
        if let names = contributors {
            text.add(names)
            add(RichText(year), after: ". ")
            add(title, after: ". ")
        } else {
            // Without a name the title stands in front.
            if let front = work.press ?? title { text.add(front) }
            add(RichText(year), after: ". ")
            if work.press != nil { add(title, after: ". ") }
        }
        description()
        secondaryContributors()
        container()
        edition()
        locators()
        collection()
        issue()
        pages()
        access()
        text.separate(".")
    }

    private mutating func add(_ part: RichText?, after mark: String) {
        guard let part, !part.isEmpty else { return }
        if !text.isEmpty { text.separate(mark) }
        text.add(part)
    }

    private mutating func add(_ part: String?, after mark: String) { add(part.map { RichText($0) }, after: mark) }

    // MARK: Names, year, title

    /// The names in front, with what they did where they are not authors.
    private var contributors: RichText? {
        work.contributors.map { role, names in
            let label =
                switch role {
                case .author, .containerAuthor: ""
                case .editor: names.count > 1 ? ", eds." : ", ed."
                case .translator: ", trans."
                }
            return RichText(NameList.list(names) + label)
        }
    }

    private var year: String { Self.year(of: work, suffix: yearSuffix, isInText: false) }

    /// The year with its letter; `n.d.` for a work without a date.
    static func year(of work: Reference, suffix: String, isInText: Bool) -> String {
        if let year = work.issued?.year { return year + suffix }
        if let status = work.text(.status) { return isInText ? status : capitalized(status) }
        return "n.d." + (suffix.isEmpty ? "" : "-\(suffix)")
    }

    private var title: RichText? {
        guard let title = work.texts[.title] else {
            return work.kind == .personalCommunication ? nil : work.text(.genre).map { RichText(Self.capitalized($0)) }
        }
        var text = work.styled(title)
        if work.isBooklike, let version = work.text(.version) { text.add(" (version \(version))") }
        return text
    }

    static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    // MARK: What follows

    private mutating func description() {
        if work.kind == .patent {
            let number = [work.text(.authority), work.text(.number)].compactMap(\.self).joined(separator: " ")
            add(number, after: ". ")
        } else {
            add(work.text(.medium).map(Self.capitalized), after: ". ")
        }
        guard work.texts[.title] != nil, ![.thesis, .personalCommunication, .speech].contains(work.kind) else { return }
        let number = work.kind == .report ? work.text(.number) : nil
        let genre = work.text(.genre).map(Self.capitalized)
        add([genre, number].compactMap(\.self).joined(separator: " "), after: ". ")
    }

    /// Editors and translators of a whole work.
    private mutating func secondaryContributors() {
        guard !isPart else { return }
        for sentence in editing(verbs: ("Edited", "Translated")) { add(sentence, after: ". ") }
    }

    /// `Edited by Ada Lovelace`, without the names that stand in front.
    private func editing(verbs: (edited: String, translated: String)) -> [String] {
        let used = work.contributors?.role
        let editors = used == .editor ? nil : work.names[.editor]
        let translators = used == .translator ? nil : work.names[.translator]
        if let editors, editors == translators {
            return ["\(verbs.edited) and \(verbs.translated.lowercased()) by \(NameList.run(editors))"]
        }
        return [
            editors.map { "\(verbs.edited) by \(NameList.run($0))" },
            translators.map { "\(verbs.translated) by \(NameList.run($0))" },
        ].compactMap(\.self)
    }

    private mutating func container() {
        if let title = work.texts[.containerTitle], work.kind != .legalCase,
            work.press == nil || work.contributors != nil
        {
            var words = RichText(isPart ? "In " : "")
            words.add(work.kind == .webpage ? title : title.styled(.italic))
            if work.kind == .postWeblog { words.add(" (blog)") }
            add(words, after: ". ")
        }
        guard isPart else { return }
        if let authors = work.names[.containerAuthor] { add("by \(NameList.run(authors))", after: ", ") }
        for words in editing(verbs: ("edited", "translated")) { add(words, after: ", ") }
    }

    private mutating func edition() {
        guard let edition = work.text(.edition) else { return }
        let number = Self.ordinal(edition)
        if isBound {
            add(number.map { "\($0) ed" } ?? Self.capitalized(edition), after: ". ")
        } else if isPart {
            add(number.map { "\($0) ed." } ?? edition, after: ", ")
        }
    }

    /// `2nd` for `2`; nil for what is no number.
    private static func ordinal(_ text: String) -> String? {
        guard let number = Int(text) else { return nil }
        let ending =
            (11...13).contains(number % 100) ? "th" : [1: "st", 2: "nd", 3: "rd"][number % 10] ?? "th"
        return "\(number)\(ending)"
    }

    private mutating func locators() {
        let volume = work.text(.volume)
        if isPart {
            if let pages = work.text(.page) {
                add((volume.map { "\($0):" } ?? "") + PageRange.shortened(pages), after: ", ")
            } else {
                add(volume.map { "Vol. \($0)" }, after: ". ")
            }
        } else if work.kind == .articleJournal {
            let issue = work.text(.issue)
            let month = work.issued?.monthName
            if let volume {
                text.add(" \(volume)")
                if let inner = issue ?? month { text.add(" (\(inner))") }
            } else if let issue {
                add("no. \(issue)" + (month.map { " (\($0))" } ?? ""), after: ", ")
            } else {
                add(month, after: ", ")
            }
        } else if work.kind == .legalCase {
            add(volume, after: ", ")
            for field in [Reference.Field.containerTitle, .page] {
                if let part = work.text(field) { text.add(" \(part)") }
            }
        } else if isBound {
            add(volume.map { "Vol. \($0)" }, after: ". ")
            add(work.text(.numberOfVolumes).map { "\($0) vols" }, after: ". ")
        }
    }

    private mutating func collection() {
        guard let title = work.texts[.collectionTitle] else { return }
        let number = work.text(.collectionNumber)
        var words = title
        if let number { words.add(number.allSatisfy(\.isNumber) ? " \(number)" : ", \(number)") }
        if work.kind == .articleJournal {
            add(words, after: ", ")
        } else {
            add(words, after: ". ")
        }
    }

    private mutating func issue() {
        switch work.kind {
        case .articleJournal: break
        case .legalCase: add(work.text(.authority), after: ". ")
        case .articleNewspaper, .articleMagazine, .personalCommunication: add(work.issued?.text, after: ", ")
        case .patent: add(work.issued.map { "issued \($0.text)" }, after: ", ")
        case .speech:
            let genre = work.text(.genre).map(Self.capitalized)
            let event = work.text(.event).map { genre == nil ? "Presented at \($0)" : "presented at \($0)" }
            let day = work.issued?.monthName.map { month in work.issued?.day.map { "\(month) \($0)" } ?? month }
            let parts = [
                [genre, event].compactMap(\.self).joined(separator: " "), work.text(.eventPlace) ?? "", day ?? "",
            ]
            add(parts.filter { !$0.isEmpty }.joined(separator: ", "), after: ". ")
        default:
            let genre = work.kind == .thesis ? work.text(.genre).map(Self.capitalized) : nil
            var publisher = RichText(work.text(.publisherPlace) ?? "")
            if let name = work.texts[.publisher] {
                if !publisher.isEmpty { publisher.add(": ") }
                publisher.add(name)
            }
            add(genre, after: ". ")
            add(publisher, after: genre == nil ? ". " : ", ")
        }
    }

    private mutating func pages() {
        guard work.kind == .articleJournal, let pages = work.text(.page) else { return }
        let hasNumber = work.text(.volume) != nil || work.text(.issue) != nil
        if hasNumber {
            text.add(": " + PageRange.shortened(pages))
        } else {
            add(PageRange.shortened(pages), after: ", ")
        }
    }

    private mutating func access() {
        if work.kind == .webpage || work.kind == .postWeblog { add(work.issued?.text, after: ". ") }
        if work.issued == nil { add(work.accessed.map { "Accessed \($0.text)" }, after: ". ") }
        guard work.kind != .legalCase else { return }
        let address = work.text(.doi).map { "https://doi.org/\($0)" } ?? work.text(.url)
        guard let address else { return }
        var link = RichText()
        link.add(.link(address: address, text: address))
        add(link, after: ". ")
    }
}
