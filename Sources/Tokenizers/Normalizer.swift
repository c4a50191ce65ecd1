import Foundation

/// A step that rewrites a text before it is cut (`normalizer` of `tokenizer.json`).
indirect enum Normalizer: Sendable {
    case sequence([Normalizer])
    case form(Form)
    /// Each scalar's own lower case, without regard to its neighbours.
    case lowercase
    /// Puts bytes in front of a text that is not empty.
    case prepend([UInt8])
    case replace(Pattern, with: [UInt8])

    /// A normalization form of Unicode (UAX 15).
    enum Form: String, Sendable, CaseIterable {
        case nfc = "NFC"
        case nfd = "NFD"
        case nfkc = "NFKC"
        case nfkd = "NFKD"

        func of(_ text: String) -> String {
            switch self {
            case .nfc: text.precomposedStringWithCanonicalMapping
            case .nfd: text.decomposedStringWithCanonicalMapping
            case .nfkc: text.precomposedStringWithCompatibilityMapping
            case .nfkd: text.decomposedStringWithCompatibilityMapping
            }
        }
    }

    func normalized(_ text: [UInt8]) -> [UInt8] {
        if text.isEmpty { return text }
        switch self {
        case .sequence(let steps):
            return steps.reduce(text) { $1.normalized($0) }
        case .form(let form):
            if text.allSatisfy({ $0 < 0x80 }) { return text }
            // Foundation leaves repeated U+0F73, U+0F75 and U+0F81 out of canonical order; a second pass orders them.
            return Array(form.of(form.of(String(decoding: text, as: UTF8.self))).utf8)
        case .lowercase:
            let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
            return scalars.flatMap { Array($0.properties.lowercaseMapping.utf8) }
        case .prepend(let front):
            return front + text
        case .replace(let pattern, let content):
            return pattern.cuts(of: text, 0..<text.count).flatMap { $0.isMatch ? content[...] : text[$0.range] }
        }
    }

    /// The step in words that differ wherever its result may.
    var signature: String {
        switch self {
        case .sequence(let steps): steps.map(\.signature).joined(separator: "\n")
        case .form(let form): "form \(form.rawValue)"
        case .lowercase: "lowercase"
        case .prepend(let front): "prepend \(front)"
        case .replace(let pattern, let content): "replace \(content) \(pattern.signature)"
        }
    }
}
