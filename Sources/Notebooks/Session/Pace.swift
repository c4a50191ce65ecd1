/// How fast a block runs, apart from what it found in the store.
public struct Pace: Sendable {
    /// How far it is.
    public let progress: Progress
    /// Units per second; nil before the first one is done.
    public let rate: Double?

    /// The pace of a block that has been running for a time.
    public init(_ progress: Progress, after duration: Duration) {
        self.progress = progress
        let computed = progress.done - progress.kept
        rate = computed > 0 ? Double(computed) / max(duration / .seconds(1), 1e-3) : nil
    }

    /// Seconds until the last unit is done; nil before the first one is.
    public var secondsLeft: Int? { rate.map { Int((Double(progress.total - progress.done) / $0).rounded(.up)) } }

    /// `12 of 48 pairs, 3.1 per second, 12 s left`; a rate below one per second is given by the minute.
    public var words: String {
        var text = "\(progress.done) of \(progress.total) \(progress.unit)"
        if progress.kept > 0 { text += " (\(progress.kept) kept)" }
        guard let rate, let secondsLeft else { return text }
        return text
            + (rate < 1 ? ", \(Self.rounded(rate * 60)) per minute" : ", \(Self.rounded(rate)) per second")
            + ", \(Self.time(Double(secondsLeft))) left"
    }

    /// A number with one decimal, or with none where that is 0.
    public static func rounded(_ value: Double) -> String {
        (value * 10).rounded() / 10 == value.rounded()
            ? String(Int(value.rounded())) : String((value * 10).rounded() / 10)
    }

    /// A length of time as people say it: `40 s`, `12 min`, `3.5 h`.
    public static func time(_ seconds: Double) -> String {
        switch seconds {
        case ..<100: "\(Int(seconds.rounded(.up))) s"
        case ..<6000: "\(Int((seconds / 60).rounded())) min"
        default: "\(rounded(seconds / 3600)) h"
        }
    }
}
