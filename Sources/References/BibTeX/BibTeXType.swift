/// What BibTeX and biblatex call kinds of works.
struct BibTeXType {
    let kind: Reference.Kind
    /// What the work is called where the entry does not say.
    var genre: String?

    init?(_ name: String) {
        guard let type = Self.byName[name] else { return nil }
        self = type
    }

    private init(kind: Reference.Kind, genre: String? = nil) {
        self.kind = kind
        self.genre = genre
    }

    static let names = byName.keys.sorted()

    private static let byName: [String: BibTeXType] = {
        var types: [String: BibTeXType] = [
            "article": .init(kind: .articleJournal), "techreport": .init(kind: .report, genre: "Technical report"),
            "mastersthesis": .init(kind: .thesis, genre: "Master’s thesis"),
            "phdthesis": .init(kind: .thesis, genre: "PhD thesis"),
        ]
        let kinds: [(Reference.Kind, String)] = [
            (
                .book,
                "book mvbook collection mvcollection reference mvreference proceedings mvproceedings manual software"
            ),
            (.chapter, "inbook incollection bookinbook suppbook suppcollection"),
            (.paperConference, "inproceedings conference"),
            (.entryEncyclopedia, "inreference"), (.pamphlet, "booklet"), (.report, "report"), (.thesis, "thesis"),
            (.manuscript, "unpublished"), (.webpage, "online electronic www"), (.dataset, "dataset"),
            (.patent, "patent"), (.legislation, "legislation"), (.standard, "standard"),
            (.speech, "unpublishedtalk"), (.graphic, "artwork image"), (.motionPicture, "movie video"),
            (.song, "audio music"),
            (.personalCommunication, "letter"), (.articleJournal, "suppperiodical periodical"), (.review, "review"),
            (.legalCase, "jurisdiction"), (.document, "misc set xdata"),
        ]
        for (kind, names) in kinds {
            for name in names.split(separator: " ") { types[String(name)] = .init(kind: kind) }
        }
        return types
    }()
}
