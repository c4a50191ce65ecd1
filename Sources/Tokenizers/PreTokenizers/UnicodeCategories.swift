@preconcurrency import COniguruma

/// The categories that patterns name, as Unicode 16 has them.
///
/// The tables of an older Oniguruma do not know the newest letters. It takes definitions of ours in their place, which
/// are made from Swift's tables and leave out what is newer than the tables of Hugging Face's `tokenizers`.
enum UnicodeCategories {
    /// The names that are defined; Oniguruma has room for twenty.
    private static let names: [(name: String, categories: Set<Unicode.GeneralCategory>)] = [
        ("Lu", [.uppercaseLetter]), ("Ll", [.lowercaseLetter]), ("Lt", [.titlecaseLetter]),
        ("Lm", [.modifierLetter]), ("Lo", [.otherLetter]),
        ("L", [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter]),
        ("Mn", [.nonspacingMark]), ("Mc", [.spacingMark]), ("M", [.nonspacingMark, .spacingMark, .enclosingMark]),
        ("Nd", [.decimalNumber]), ("N", [.decimalNumber, .letterNumber, .otherNumber]),
        (
            "P",
            [
                .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
                .finalPunctuation, .otherPunctuation,
            ]
        ),
        ("S", [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol]),
    ]

    /// Hands the definitions to Oniguruma, which keeps them until the program ends.
    static func define() -> Bool {
        var ranges = Array(repeating: [UInt32](), count: names.count)
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), let category = category(of: scalar) else { continue }
            for index in names.indices where names[index].categories.contains(category) {
                if ranges[index].last == value - 1 {
                    ranges[index][ranges[index].count - 1] = value
                } else {
                    ranges[index] += [value, value]
                }
            }
        }
        return names.indices.allSatisfy { index in
            let list = [UInt32(ranges[index].count / 2)] + ranges[index]
            let kept = UnsafeMutablePointer<OnigCodePoint>.allocate(capacity: list.count)
            kept.initialize(from: list, count: list.count)
            return onig_unicode_define_user_property(names[index].name, kept) == ONIG_NORMAL
        }
    }

    /// The category of a scalar that Unicode 16 has assigned.
    private static func category(of scalar: Unicode.Scalar) -> Unicode.GeneralCategory? {
        let properties = scalar.properties
        let category = properties.generalCategory
        switch category {
        case .unassigned, .privateUse, .surrogate, .control, .format: return nil
        default: break
        }
        if let age = properties.age, (age.major, age.minor) > (16, 0) { return nil }
        return category
    }
}
