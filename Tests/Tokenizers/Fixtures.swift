import Digests
import Foundation
import JSON
import Testing
import Tokenizers

/// The files of Tests/Fixtures/tokenizers, made by scripts/fixtures/tokenizer_ids.py.
enum Fixtures {
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: repository.appending(path: path)))
    }

    static func json(_ name: String) throws -> JSON {
        try JSON.parse(bytes("Tests/Fixtures/tokenizers/\(name).json"))
    }

    /// The nasty texts and the random ones, in the order of all lists of ids.
    static func texts() throws -> (nasty: [String], random: [String]) {
        let file = try json("texts")
        let nasty = try #require(file["texts"]?.array).map { parts in
            try #require(parts.array).map { part in
                String(repeating: try #require(part.array?[0].string), count: try #require(part.array?[1].int))
            }.joined()
        }
        return (nasty, try #require(file["random"]?.array).compactMap(\.string))
    }

    /// SHA-256 over one line of decimal ids for each text, as the script writes it.
    static func digest(_ lists: [[Int]]) -> String {
        SHA256.digest(of: lists.map { $0.map(String.init).joined(separator: " ") + "\n" }.joined()).hex
    }

    /// Checks a tokenizer against a fixture's `texts` and `random`.
    static func check(
        _ tokenizer: Tokenizer, _ expected: JSON, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (nasty, random) = try texts()
        let cases = try #require(expected["texts"]?.array)
        try #require(cases.count == nasty.count)
        for (text, expected) in zip(nasty, cases) {
            let label = Comment(rawValue: "\(name): \(text.prefix(40).debugDescription)")
            let ids = try tokenizer.encode(text, addingSpecialTokens: true)
            if let list = expected["ids"]?.array {
                #expect(ids == list.compactMap(\.int), label, sourceLocation: sourceLocation)
                let decoded = try #require(expected["decoded"]?.string)
                #expect(
                    tokenizer.decode(ids).utf8.elementsEqual(decoded.utf8), label, sourceLocation: sourceLocation)
            } else {
                #expect(ids.count == expected["count"]?.int, label, sourceLocation: sourceLocation)
                #expect(digest([ids]) == expected["digest"]?.string, label, sourceLocation: sourceLocation)
            }
            let plain = try tokenizer.encode(text, addingSpecialTokens: false)
            #expect(ids.count - plain.count == expected["front"]?.int, label, sourceLocation: sourceLocation)
            #expect(Array(ids.suffix(plain.count)) == plain, label, sourceLocation: sourceLocation)
        }
        try checkRandom(tokenizer, expected, random, name, sourceLocation: sourceLocation)
    }

    /// Checks the first four digits of each random text's digest.
    static func checkRandom(
        _ tokenizer: Tokenizer, _ expected: JSON, _ random: [String], _ name: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let digits = try #require(expected["random"]?.string)
        let found = try random.map {
            String(digest([try tokenizer.encode($0, addingSpecialTokens: true)]).prefix(4))
        }
        try #require(digits.utf8.count == 4 * random.count)
        let wrong = random.indices.filter { found[$0] != String(digits.dropFirst(4 * $0).prefix(4)) }
        #expect(
            wrong.isEmpty, "\(name): \(wrong.prefix(3).map { random[$0].debugDescription })",
            sourceLocation: sourceLocation)
    }
}

extension JSON {
    /// The object with one member replaced, or added after the others.
    func setting(_ key: String, to value: JSON) -> JSON {
        let members = object ?? []
        guard members.contains(where: { $0.key == key }) else { return .object(members + [.init(key, value)]) }
        return .object(members.map { $0.key == key ? .init(key, value) : $0 })
    }
}
