import Values

/// What sort of statement a claim is, so that a count of claims says what it counts.
public enum ClaimKind: String, Sendable, CaseIterable {
    /// The data may refute it.
    case prediction
    /// It must hold whatever the data: it tests the instrument.
    case identity
    /// It was chosen after a look at the results, and describes them.
    case exploratory

    /// The noun for this count.
    public func noun(_ count: Int) -> String {
        switch self {
        case .prediction: count == 1 ? "prediction" : "predictions"
        case .identity: count == 1 ? "identity" : "identities"
        case .exploratory: count == 1 ? "exploratory claim" : "exploratory claims"
        }
    }
}

/// One claim of an `{expect}` block after it was judged.
public struct ClaimVerdict: Sendable, Equatable {
    /// The claim as its author wrote it: `sweep.peak.layer in 5..10`.
    public let claim: String
    /// What sort of statement it is.
    public let kind: ClaimKind
    /// Why the author expects it.
    public let because: String
    /// The value that the claim is about.
    public let found: Scalar
    /// The interval that the claim was judged on, where it is about the difference of two estimates.
    public let interval: Ends?
    /// Why a claim about a difference has no interval to be judged on, as a clause; it fails then.
    public let missing: String?
    /// The other values that it names, each once.
    public let others: [Value]
    /// Whether the claim is true of these results.
    public let held: Bool

    /// The ends of an interval.
    public struct Ends: Sendable, Equatable {
        /// The lower end.
        public let lower: Double
        /// The upper end.
        public let upper: Double

        /// An interval by its ends.
        public init(lower: Double, upper: Double) {
            self.lower = lower
            self.upper = upper
        }

        /// `[0.12, 0.34]`
        public var text: String { "[\(Scalar.number(lower).text), \(Scalar.number(upper).text)]" }
    }

    /// A value by its full path.
    public struct Value: Sendable, Equatable {
        /// `score.gain.mean`
        public let path: String
        /// What was found there.
        public let scalar: Scalar

        /// A value by its full path.
        public init(path: String, scalar: Scalar) {
            self.path = path
            self.scalar = scalar
        }
    }

    /// A claim with its verdict.
    public init(
        claim: String, kind: ClaimKind = .prediction, because: String, found: Scalar, interval: Ends? = nil,
        missing: String? = nil, others: [Value] = [], held: Bool
    ) {
        self.claim = claim
        self.kind = kind
        self.because = because
        self.found = found
        self.interval = interval
        self.missing = missing
        self.others = others
        self.held = held
    }

    /// The interval in words, or why there is none; nil for a claim that needs none.
    public var intervalText: String? { interval.map(\.text) ?? missing.map { "without an interval: \($0)" } }

    /// What was found, with its interval, in words.
    public var foundText: String { [found.text, intervalText].compactMap(\.self).joined(separator: " ") }
}

/// How many claims of each kind held.
public struct ClaimTally: Sendable, Equatable {
    /// How many claims of a kind there are.
    public struct Count: Sendable, Equatable {
        /// The kind.
        public let kind: ClaimKind
        /// How many held.
        public let held: Int
        /// How many there are.
        public let all: Int
    }

    /// The kinds that occur, in the order of their declaration.
    public let counts: [Count]

    /// A tally of verdicts.
    public init(_ claims: [ClaimVerdict] = []) {
        counts = ClaimKind.allCases.compactMap { kind in
            let claims = claims.filter { $0.kind == kind }
            return claims.isEmpty ? nil : Count(kind: kind, held: claims.count(where: \.held), all: claims.count)
        }
    }

    /// Reads ``data``; what is not written so counts nothing.
    public init(data: String) {
        let found = data.split(separator: " ").compactMap { part -> Count? in
            let fields = part.split(separator: ":")
            guard fields.count == 3, let kind = ClaimKind(rawValue: String(fields[0])), let held = Int(fields[1]),
                let all = Int(fields[2]), 0 <= held, held <= all
            else { return nil }
            return Count(kind: kind, held: held, all: all)
        }
        counts = ClaimKind.allCases.compactMap { kind in found.first { $0.kind == kind } }
    }

    /// How many did not hold.
    public var failed: Int { counts.reduce(0) { $0 + $1.all - $1.held } }

    /// The counts for a page's head: `prediction:4:5 identity:2:2`.
    public var data: String { counts.map { "\($0.kind.rawValue):\($0.held):\($0.all)" }.joined(separator: " ") }

    /// `4 of 5 predictions and 2 of 2 identities held; 3 of 3 exploratory claims fit, 1 FAILED`; nil without claims.
    public var words: String? {
        func words(_ count: Count) -> String { "\(count.held) of \(count.all) \(count.kind.noun(count.all))" }
        let tested = counts.filter { $0.kind != .exploratory }.map(words).joined(separator: " and ")
        let parts =
            (tested.isEmpty ? [] : ["\(tested) held"])
            + counts.filter { $0.kind == .exploratory }.map { "\(words($0)) fit" }
        guard !parts.isEmpty else { return nil }
        return parts.joined(separator: "; ") + (failed == 0 ? "" : ", \(failed) FAILED")
    }
}
