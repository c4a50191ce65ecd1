/// What a value or a column of a table is: for the reference, for help and for the names on a page.
///
///     Meaning("peak.effect", "the mean effect at the peak, on the pairs that did not choose it", unit: "units of the metric")
public struct Meaning: Sendable, Equatable {
    /// The value's path, a column's name behind its table's, or the end of either behind a star: `*.lower`, `*.pair`.
    public let name: String
    /// What it is, as a phrase.
    public let help: String
    /// What it is measured in; nil for names, counts and shares.
    public let unit: String?

    /// The meaning of a name.
    public init(_ name: String, _ help: String, unit: String? = nil) {
        self.name = name
        self.help = help
        self.unit = unit
    }

    /// The phrase with its unit: `the mean gain over all pairs (nats)`.
    public var words: String { unit.map { "\(help) (\($0))" } ?? help }

    /// How well it fits a path: all of it before a part of it; nil for one that it does not fit.
    private func fit(_ path: String) -> Int? {
        if name == path { return .max }
        guard name.hasPrefix("*"), path.hasSuffix(name.dropFirst()) else { return nil }
        return name.utf8.count
    }

    /// The meaning that fits a path best.
    static func best(_ path: String, among meanings: [Meaning]) -> Meaning? {
        var best: (fit: Int, meaning: Meaning)?
        for meaning in meanings {
            guard let fit = meaning.fit(path), fit > best?.fit ?? -1 else { continue }
            best = (fit, meaning)
        }
        return best?.meaning
    }
}

extension BlockHead {
    /// What a value is, by its path inside the block.
    public func meaning(of path: String) -> Meaning? { Meaning.best(path, among: meanings) }
}

extension Command {
    /// What a value is, by its path inside the block.
    public static func meaning(ofValue path: String) -> Meaning? { Meaning.best(path, among: meanings) }

    /// What a column of a table is.
    public static func meaning(of column: String, in table: String) -> Meaning? {
        Meaning.best("\(table).\(column)", among: meanings)
    }
}
