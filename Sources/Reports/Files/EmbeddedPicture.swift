/// Pictures that a page holds itself.
enum EmbeddedPicture {
    private static let types = ["png", "jpeg", "gif", "webp"]

    /// A `data:` address of a picture that cannot hold a script, safe inside a quoted attribute; nil for any other.
    static func address(_ source: String) -> String? {
        guard let type = types.first(where: { source.hasPrefix("data:image/\($0);base64,") }) else { return nil }
        let data = source.utf8.dropFirst("data:image/\(type);base64,".utf8.count)
        return !data.isEmpty && data.allSatisfy(isBase64) ? source : nil
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || "+/=".utf8.contains(byte)
    }
}
