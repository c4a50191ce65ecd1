/// The works of a bibliography file.
public struct Bibliography: Sendable, Equatable {
    /// The works, in the order of the file.
    public let references: [Reference]
    private let places: [String: Int]

    /// A bibliography of these works, whose keys differ.
    public init(_ references: [Reference]) {
        self.references = references
        places = Dictionary(
            references.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The work of a key.
    public subscript(key: String) -> Reference? { places[key].map { references[$0] } }

    /// Reads a file: CSL-JSON where it begins with a bracket, else BibTeX. What is wrong is among the problems.
    public static func read(_ bytes: [UInt8]) -> (bibliography: Bibliography, problems: [BibliographyProblem]) {
        let first = bytes.first { !" \t\r\n".utf8.contains($0) }
        var references: [Reference] = []
        var problems: [BibliographyProblem] = []
        if first == UInt8(ascii: "[") || first == UInt8(ascii: "{") {
            (references, problems) = CSLFile.read(bytes)
        } else if first == nil || bytes.contains(UInt8(ascii: "@")) {
            var file = BibTeXFile(bytes)
            file.read()
            (references, problems) = (file.references, file.problems)
        } else {
            problems = [BibliographyProblem(.unknownFormat, 0..<0)]
        }
        var seen: Set<String> = []
        references = references.filter { reference in
            guard seen.insert(reference.key).inserted else {
                problems.append(BibliographyProblem(.duplicateKey(reference.key), reference.range))
                return false
            }
            return true
        }
        return (Bibliography(references), problems.sorted { $0.range.lowerBound < $1.range.lowerBound })
    }
}
