@preconcurrency import COniguruma

/// The classes that patterns name, by the tables of the programs whose ids are wanted.
///
/// The tables of an older Oniguruma do not know the newest letters. It takes definitions of ours in their place, which
/// are made from Swift's tables and leave out what is newer than the tables of the other program.
enum UnicodeClasses {
    /// What a class holds.
    private enum Content {
        case categories(Set<Unicode.GeneralCategory>)
        case property(@Sendable (Unicode.Scalar) -> Bool)
    }

    /// Neighbours of one category that the same programs know.
    private struct Run {
        let first: UInt32
        var last: UInt32
        let category: Unicode.GeneralCategory
        let isKnownToTokenizers: Bool
        let isKnownToLlama: Bool
    }

    /// The version of Hugging Face's `tokenizers`.
    private static let tokenizersVersion: Unicode.Version = (16, 0)
    /// The version of llama.cpp, and what is put after a category's name to mean it.
    private static let llamaVersion: Unicode.Version = (15, 1)
    private static let llamaSuffix = "llama"

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

    /// The classes by name; those that no version of Unicode since Oniguruma's has changed are left to it.
    private static let contents: [String: Content] = [
        "l": .categories(letters), "m": .categories(marks), "n": .categories(numbers), "p": .categories(punctuation),
        "s": .categories(symbols), "lu": .categories([.uppercaseLetter]), "ll": .categories([.lowercaseLetter]),
        "lm": .categories([.modifierLetter]), "lo": .categories([.otherLetter]), "mn": .categories([.nonspacingMark]),
        "mc": .categories([.spacingMark]), "nd": .categories([.decimalNumber]), "no": .categories([.otherNumber]),
        "pd": .categories([.dashPunctuation]), "po": .categories([.otherPunctuation]),
        "sm": .categories([.mathSymbol]), "so": .categories([.otherSymbol]), "cf": .categories([.format]),
        "alpha": .property { $0.properties.isAlphabetic },
        // Unicode 17 moved this letter to those without case.
        "lower": .property { $0.properties.isLowercase || $0 == caseless },
        "upper": .property { $0.properties.isUppercase },
        "word": .property { ScalarClass.word.contains($0) && !$0.properties.isJoinControl },
    ]
    private static let caseless: Unicode.Scalar = "\u{295}"

    /// Where these versions of Unicode have letters, marks, numbers, punctuation and symbols; the other planes are a million places without.
    private static let planes: [ClosedRange<UInt32>] = [0...0x3FFFF, 0xE0000...0xE0FFF]

    /// The categories of all scalars, in order.
    private static let runs: [Run] = {
        var runs: [Run] = []
        for value in planes.joined() {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let category = scalar == caseless ? .lowercaseLetter : scalar.properties.generalCategory
            if category == .unassigned { continue }
            let age = scalar.properties.age ?? (1, 1)
            let run = Run(
                first: value, last: value, category: category, isKnownToTokenizers: age <= tokenizersVersion,
                isKnownToLlama: age <= llamaVersion)
            if let last = runs.last, last.last + 1 == value, last.category == category,
                last.isKnownToTokenizers == run.isKnownToTokenizers, last.isKnownToLlama == run.isKnownToLlama
            {
                runs[runs.count - 1].last = value
            } else {
                runs.append(run)
            }
        }
        return runs
    }()

    /// The name of a category by llama.cpp's tables, in its patterns for GGUF vocabularies.
    static func llamaName(_ name: String) -> String { name + llamaSuffix }

    /// The classes that Oniguruma has been given.
    nonisolated(unsafe) private static var defined: Set<String> = []

    /// Hands a class to Oniguruma, which keeps it until the program ends; a name that is not ours is left to it.
    ///
    /// One thread at a time may call this, and none may compile a pattern meanwhile.
    /// - Parameter name: in small letters, without spaces, hyphens and underscores.
    /// - Returns: false where Oniguruma has no room; it has some for twenty classes.
    static func define(_ name: String) -> Bool {
        let isLlamas = name.hasSuffix(llamaSuffix)
        guard let content = contents[isLlamas ? String(name.dropLast(llamaSuffix.count)) : name],
            !defined.contains(name)
        else { return true }
        var ranges: [UInt32] = []
        func add(_ first: UInt32, _ last: UInt32) {
            if let end = ranges.last, end + 1 == first {
                ranges[ranges.count - 1] = last
            } else {
                ranges += [first, last]
            }
        }
        for run in runs where isLlamas ? run.isKnownToLlama : run.isKnownToTokenizers {
            switch content {
            case .categories(let categories): if categories.contains(run.category) { add(run.first, run.last) }
            case .property(let contains):
                for value in run.first...run.last where Unicode.Scalar(value).map(contains) ?? false {
                    add(value, value)
                }
            }
        }
        let list = [UInt32(ranges.count / 2)] + ranges
        let kept = UnsafeMutablePointer<OnigCodePoint>.allocate(capacity: list.count)
        kept.initialize(from: list, count: list.count)
        guard onig_unicode_define_user_property(name, kept) == ONIG_NORMAL else { return false }
        defined.insert(name)
        return true
    }
}
