/// The names by which a citation calls a work: as few as tell it apart.
struct CitationNames {
    private let names: [PersonName]
    private let hasOthers: Bool
    /// The label of editors and translators is not shown; a work without names is called by its title.
    private let title: RichText
    private var count: Int
    private var hasInitials = false

    init(_ work: Reference) {
        (names, hasOthers) = NameList.split(work.contributors?.names ?? [])
        count = names.count > NameList.mostInText ? 1 : names.count
        title = work.press ?? work.styled(work.texts[.title] ?? RichText(work.text(.genre) ?? work.key))
    }

    var text: RichText {
        guard !names.isEmpty else { return title }
        let shown = names.prefix(count).enumerated().map { index, name in
            hasInitials && index == 0 ? NameList.initialed(name) : NameList.short(name)
        }
        return RichText(NameList.joined(shown, hasOthers: hasOthers || count < names.count))
    }

    /// Shows more names of works that clash, where that tells any of them apart.
    static func addNames(to all: inout [CitationNames], _ clash: [Int]) {
        let most = clash.map { all[$0].names.count }.max() ?? 0
        guard most > 1 else { return }
        var distinct = 1
        var best = all
        for count in 2...most {
            var tried = all
            for index in clash where tried[index].count < tried[index].names.count {
                tried[index].count = min(count, tried[index].names.count)
            }
            let found = Set(clash.map { tried[$0].text.plainText }).count
            if found > distinct { (distinct, best) = (found, tried) }
            if distinct == clash.count { break }
        }
        all = best
    }

    /// Puts initials in front of first authors who share a family name.
    static func addInitials(to all: inout [CitationNames], _ clash: [Int]) {
        var tried = all
        for index in clash { tried[index].hasInitials = true }
        if Set(clash.map { tried[$0].text.plainText }).count > 1 { all = tried }
    }
}
