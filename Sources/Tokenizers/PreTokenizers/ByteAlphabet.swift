/// GPT-2's alphabet: one printable Unicode scalar for each of the 256 bytes (openai/gpt-2, `bytes_to_unicode`).
enum ByteAlphabet {
    /// The scalar of each byte: `[256]`. A printable byte of Latin-1 stands for itself, the others for U+0100 and up.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0..<256).map { byte in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF:
                return Unicode.Scalar(UInt8(byte))
            default:
                defer { next += 1 }
                return Unicode.Scalar(next) ?? " "
            }
        }
    }()

    /// The UTF-8 bytes of each byte's scalar: `[256]`, one or two bytes each.
    static let encoded: [[UInt8]] = scalars.map { Array(String($0).utf8) }

    private static let bytes = Dictionary(uniqueKeysWithValues: zip(scalars, (0...255).map(UInt8.init)))

    /// The bytes that a token written in the alphabet stands for; nil where one of its scalars is no letter of it.
    static func bytes(of token: some Sequence<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        for scalar in String(decoding: Array(token), as: UTF8.self).unicodeScalars {
            guard let byte = bytes[scalar] else { return nil }
            out.append(byte)
        }
        return out
    }
}
