@preconcurrency import COniguruma

/// The categories that patterns name, by the tables of the programs whose ids are wanted.
///
/// The tables of an older Oniguruma do not know the newest letters. It takes definitions of ours in their place, which
/// are made from Swift's tables and leave out what is newer than the tables of the other program.
enum UnicodeCategories {
    /// A name that patterns use, what it stands for, and the version of Unicode that it goes by.
    private struct Definition {
        let name: String
        let categories: Set<Unicode.GeneralCategory>
        let version: Unicode.Version
    }

    /// The version of Hugging Face's `tokenizers`.
    private static let tokenizersVersion: Unicode.Version = (16, 0)
    /// The version of llama.cpp, and what is put after a category's name to mean it.
    private static let llamaVersion: Unicode.Version = (15, 1)

    private static let letters: Set<Unicode.GeneralCategory> = [
        .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
    ]
    private static let marks: Set<Unicode.GeneralCategory> = [.nonspacingMark, .spacingMark, .enclosingMark]
    private static let numbers: Set<Unicode.GeneralCategory> = [.decimalNumber, .letterNumber, .otherNumber]
    private static let punctuation: Set<Unicode.GeneralCategory> = [
        .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
        .finalPunctuation, .otherPunctuation,
    ]
    private static let symbols: Set<Unicode.GeneralCategory> = [
        .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
    ]

    /// What is defined; Oniguruma has room for twenty.
    private static let definitions: [Definition] = {
        let classes: [(String, Set<Unicode.GeneralCategory>)] = [
            ("L", letters), ("M", marks), ("N", numbers), ("P", punctuation), ("S", symbols),
        ]
        let single: [(String, Set<Unicode.GeneralCategory>)] = [
            ("Lu", [.uppercaseLetter]), ("Ll", [.lowercaseLetter]), ("Lt", [.titlecaseLetter]),
            ("Lm", [.modifierLetter]), ("Lo", [.otherLetter]), ("Mn", [.nonspacingMark]), ("Nd", [.decimalNumber]),
        ]
        return (classes + single).map { Definition(name: $0, categories: $1, version: tokenizersVersion) }
            + classes.map { Definition(name: llamaName($0.0), categories: $0.1, version: llamaVersion) }
    }()

    /// Where these versions of Unicode have letters, marks, numbers, punctuation and symbols; the other planes are a million places without.
    private static let planes: [ClosedRange<UInt32>] = [0...0x3FFFF, 0xE0000...0xE0FFF]

    /// The name of a category by llama.cpp's tables, in its patterns for GGUF vocabularies.
    static func llamaName(_ name: String) -> String { "\(name)llama" }

    /// Hands the definitions to Oniguruma, which keeps them until the program ends.
    static func define() -> Bool {
        // Neighbours are mostly of one category, and this runs whenever the program starts with a tokenizer.
        var places: [Unicode.GeneralCategory: [Int]] = [:]
        for (index, definition) in definitions.enumerated() {
            for category in definition.categories { places[category, default: []].append(index) }
        }
        let versions = definitions.map(\.version)
        var (last, found) = (Unicode.GeneralCategory.unassigned, [Int]())
        var ranges = Array(repeating: [UInt32](), count: definitions.count)
        for value in Self.planes.joined() {
            guard let scalar = Unicode.Scalar(value) else { continue }
            // Unicode 17 moved this letter to those without case.
            let category = value == 0x295 ? .lowercaseLetter : scalar.properties.generalCategory
            if category != last { (last, found) = (category, places[category] ?? []) }
            guard !found.isEmpty else { continue }
            let age = scalar.properties.age ?? (1, 1)
            for index in found where age <= versions[index] {
                if ranges[index].last == value - 1 {
                    ranges[index][ranges[index].count - 1] = value
                } else {
                    ranges[index] += [value, value]
                }
            }
        }
        return definitions.indices.allSatisfy { index in
            let list = [UInt32(ranges[index].count / 2)] + ranges[index]
            let kept = UnsafeMutablePointer<OnigCodePoint>.allocate(capacity: list.count)
            kept.initialize(from: list, count: list.count)
            return onig_unicode_define_user_property(definitions[index].name, kept) == ONIG_NORMAL
        }
    }
}
