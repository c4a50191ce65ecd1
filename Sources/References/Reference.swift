/// A work that can be cited, as a bibliography describes it; kinds and fields are those of the Citation Style Language (CSL 1.0.2).
public struct Reference: Sendable, Equatable {
    /// What the work is.
    public enum Kind: String, Sendable, CaseIterable {
        case articleJournal = "article-journal"
        case articleMagazine = "article-magazine"
        case articleNewspaper = "article-newspaper"
        case article, bill, book, broadcast, chapter, dataset, document, entry, figure, graphic, interview, legislation
        case entryDictionary = "entry-dictionary"
        case entryEncyclopedia = "entry-encyclopedia"
        case legalCase = "legal_case"
        case manuscript, map, pamphlet, patent, post, report, review, software, song, speech, standard, thesis, treaty
        case motionPicture = "motion_picture"
        case musicalScore = "musical_score"
        case paperConference = "paper-conference"
        case personalCommunication = "personal_communication"
        case postWeblog = "post-weblog"
        case reviewBook = "review-book"
        case webpage
    }

    /// Who did what.
    public enum Role: Sendable, CaseIterable {
        case author, editor, translator, containerAuthor
    }

    /// What is said of it in words or numbers.
    public enum Field: String, Sendable, CaseIterable {
        case title, publisher, volume, issue, page, edition, number, genre, medium, event, version, status, note,
            authority
        case containerTitle = "container-title"
        case collectionTitle = "collection-title"
        case collectionNumber = "collection-number"
        case publisherPlace = "publisher-place"
        case eventPlace = "event-place"
        case numberOfVolumes = "number-of-volumes"
        case doi = "DOI"
        case url = "URL"
    }

    /// What citations call it.
    public let key: String
    /// What it is.
    public var kind: Kind
    /// Who did what; roles without names are missing.
    public var names: [Role: [PersonName]] = [:]
    /// What is said of it.
    public var texts: [Field: RichText] = [:]
    /// When it appeared.
    public var issued: PublicationDate?
    /// When it was last read.
    public var accessed: PublicationDate?
    /// Where its key stands in its file, in bytes.
    public let range: Range<Int>

    /// A work of which nothing is said yet.
    public init(key: String, kind: Kind, range: Range<Int> = 0..<0) {
        self.key = key
        self.kind = kind
        self.range = range
    }

    /// The names that stand first: authors, else editors, else translators.
    public var contributors: (role: Role, names: [PersonName])? {
        for role in [Role.author, .editor, .translator] {
            if let names = self.names[role] { return (role, names) }
        }
        return nil
    }

    /// A field as plain text; nil when it is missing or empty.
    public func text(_ field: Field) -> String? {
        texts[field].map(\.plainText).flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// A person's name, or that of an organization.
public struct PersonName: Sendable, Equatable {
    /// `van der Berg` without `van der`; an organization's whole name.
    public var family: String
    /// Given names.
    public var given = ""
    /// `van der`
    public var particle = ""
    /// `Jr.`
    public var suffix = ""
    /// Whether it is the name of an organization, whose parts keep their order.
    public var isLiteral = false

    /// A name out of its parts.
    public init(family: String, given: String = "", particle: String = "", suffix: String = "", isLiteral: Bool = false)
    {
        self.family = family
        self.given = given
        self.particle = particle
        self.suffix = suffix
        self.isLiteral = isLiteral
    }

    /// The name that stands for all further ones: `and others`.
    static let others = PersonName(family: "others", isLiteral: true)
}

/// A day, a month or a year.
public struct PublicationDate: Sendable, Equatable {
    /// What stands for the year: `2020`; with a range, both years.
    public var year: String
    /// 1 to 12.
    public var month: Int?
    /// 1 to 31.
    public var day: Int?

    /// A date; without a month it is a year.
    public init(year: String, month: Int? = nil, day: Int? = nil) {
        self.year = year
        self.month = month
        self.day = day
    }

    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// The month's name.
    var monthName: String? { month.map { Self.months[$0 - 1] } }

    /// `June 3, 2020`
    var text: String {
        guard let monthName else { return year }
        return day.map { "\(monthName) \($0), \(year)" } ?? "\(monthName) \(year)"
    }
}
