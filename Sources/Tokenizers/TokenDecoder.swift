/// A step from tokens back to text (`decoder` of `tokenizer.json`).
indirect enum TokenDecoder: Sendable {
    case sequence([TokenDecoder])
    /// Letters of GPT-2's alphabet become bytes, all in one.
    case byteLevel
    /// Runs of `<0xNN>` become the text that their bytes are, or one U+FFFD each where they are none.
    case byteFallback
    case fuse
    case replace(Pattern, with: [UInt8])
    /// Takes up to a number of one scalar from the front and the back of each part.
    case strip([UInt8], front: Int, back: Int)
    /// Replacements become spaces; the one in front of the first part goes, where one was put there.
    case metaspace(replacement: [UInt8], dropsFirst: Bool)

    /// What a run of parts becomes; the result's parts make the text when joined.
    func decoded(_ parts: [[UInt8]]) -> [[UInt8]] {
        switch self {
        case .sequence(let steps): steps.reduce(parts) { $1.decoded($0) }
        case .byteLevel: [parts.flatMap { ByteAlphabet.bytes(of: $0) ?? $0 }]
        case .byteFallback: Self.joinBytes(parts)
        case .fuse: [Array(parts.joined())]
        case .replace(let pattern, let content): parts.map { Self.replaced($0, pattern, content) }
        case .strip(let scalar, let front, let back): parts.map { Self.stripped($0, scalar, front, back) }
        case .metaspace(let replacement, let dropsFirst):
            parts.enumerated().map { index, part in
                Self.replaced(part, .text(replacement), dropsFirst && index == 0 ? [] : [UInt8(ascii: " ")])
            }
        }
    }

    /// The bytes that one token stands for inside a text.
    func bytes(of token: [UInt8]) -> [UInt8] {
        switch self {
        case .sequence(let steps): steps.reduce(token) { $1.bytes(of: $0) }
        case .byteLevel: ByteAlphabet.bytes(of: token) ?? token
        case .byteFallback: Self.byte(token).map { [$0] } ?? token
        case .replace(let pattern, let content): Self.replaced(token, pattern, content)
        case .metaspace(let replacement, _): Self.replaced(token, .text(replacement), [UInt8(ascii: " ")])
        case .fuse, .strip: token
        }
    }

    private static func replaced(_ part: [UInt8], _ pattern: Pattern, _ content: [UInt8]) -> [UInt8] {
        guard String(validating: part, as: UTF8.self) != nil else { return part }
        var out: [UInt8] = []
        do {
            try pattern.search(bytes: part.count).cut(part, 0..<part.count) { range, isMatch in
                out += isMatch ? content[...] : part[range]
            }
        } catch {
            // A pattern that is given up on a token leaves it as it is; no id depends on it.
            return part
        }
        return out
    }

    private static func stripped(_ part: [UInt8], _ scalar: [UInt8], _ front: Int, _ back: Int) -> [UInt8] {
        var rest = part[...]
        var (front, back) = (front, back)
        while front > 0, rest.starts(with: scalar) {
            rest.removeFirst(scalar.count)
            front -= 1
        }
        while back > 0, rest.suffix(scalar.count).elementsEqual(scalar) {
            rest.removeLast(scalar.count)
            back -= 1
        }
        return Array(rest)
    }

    /// The byte that a token of the form `<0xNN>` names.
    private static func byte(_ token: [UInt8]) -> UInt8? {
        guard token.count == 6, token.starts(with: Array("<0x".utf8)), token[5] == UInt8(ascii: ">") else { return nil }
        return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
    }

    private static func joinBytes(_ parts: [[UInt8]]) -> [[UInt8]] {
        var joined: [[UInt8]] = []
        var run: [UInt8] = []
        func flush() {
            if run.isEmpty { return }
            if String(validating: run, as: UTF8.self) != nil {
                joined.append(run)
            } else {
                joined += Array(repeating: Array("\u{FFFD}".utf8), count: run.count)
            }
            run = []
        }
        for part in parts {
            if let byte = byte(part) {
                run.append(byte)
            } else {
                flush()
                joined.append(part)
            }
        }
        flush()
        return joined
    }
}
