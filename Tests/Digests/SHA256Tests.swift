import Digests
import Testing

@Suite struct SHA256Tests {
    // The first three are the examples of FIPS 180-4 and of NIST's test vectors.
    @Test(arguments: [
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func agreesWithTheStandard(text: String, hex: String) {
        #expect(SHA256.digest(of: text).hex == hex)
        #expect(SHA256.digest(of: Array(text.utf8)).hex == hex)
    }

    @Test func takesItsInputInPieces() {
        let text = Array("the quick brown fox jumps over the lazy dog, twice around the block and home again".utf8)
        for cut in 0...text.count {
            var hash = SHA256()
            hash.update(Array(text[..<cut]))
            text[cut...].withUnsafeBytes { hash.update($0) }
            #expect(hash.finish() == SHA256.digest(of: text))
        }
    }

    @Test func writesBase64() {
        // printf abc | openssl dgst -sha256 -binary | base64
        #expect(SHA256.digest(of: "abc").base64 == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
        #expect(SHA256.digest(of: "").base64 == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
    }
}
