import CCrypto

/// SHA-256 (FIPS 180-4) over a stream of bytes, by the system's libcrypto.
public struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// A digest of nothing yet.
    public init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("libcrypto has no SHA-256, or no memory is left")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Takes in bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        precondition(
            EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "libcrypto refused to digest bytes")
    }

    /// Takes in bytes.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Takes in the UTF-8 bytes of a text.
    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// The digest of all that was taken in.
    public consuming func finish() -> SHA256Digest {
        var bytes = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        precondition(EVP_DigestFinal_ex(context, &bytes, nil) == 1, "libcrypto refused to finish a digest")
        return SHA256Digest(bytes: bytes)
    }

    /// The digest of a text's UTF-8 bytes.
    public static func digest(of text: String) -> SHA256Digest {
        var hash = SHA256()
        hash.update(text)
        return hash.finish()
    }

    /// The digest of bytes.
    public static func digest(of bytes: [UInt8]) -> SHA256Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }
}
