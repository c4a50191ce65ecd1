// Oniguruma's encoding and syntax tables are C globals that nothing writes to.
@preconcurrency import COniguruma
import Foundation

/// A compiled Oniguruma expression over UTF-8, in the syntax that Hugging Face's tokenizers uses.
///
/// The compiled program is never written to after `init`, and each search has its own region, so one object may be
/// used from many threads at once.
final class RegularExpression: @unchecked Sendable {
    let pattern: String
    private let place: String
    private let program: OnigRegex

    private static let isReady: Bool = {
        var encodings: [OnigEncoding?] = [encoding]
        return onig_initialize(&encodings, 1) == ONIG_NORMAL
    }()
    /// Classes are defined, and looked up, by one thread at a time.
    private static let compiling = NSLock()

    private static var encoding: OnigEncoding { withUnsafeMutablePointer(to: &OnigEncodingUTF8) { $0 } }
    private static var syntax: UnsafeMutablePointer<OnigSyntaxType> {
        withUnsafeMutablePointer(to: &OnigSyntaxOniguruma) { $0 }
    }

    /// The longest pattern that is compiled, in bytes; those of real tokenizers have less than a tenth of it.
    static let longestPattern = 16_384

    /// Compiles a pattern.
    /// - Throws: `TokenizerError.regularExpression` with Oniguruma's reason; `unsupported` for one that is too long, or that
    ///   names a class for which there is no room.
    init(_ pattern: String, place: String) throws(TokenizerError) {
        precondition(Self.isReady, "Oniguruma does not start")
        self.pattern = pattern
        self.place = place
        guard pattern.utf8.count <= Self.longestPattern else {
            throw .unsupported(
                place: place, found: "of \(pattern.utf8.count) bytes",
                supported: ["at most \(Self.longestPattern) bytes"])
        }
        Self.compiling.lock()
        defer { Self.compiling.unlock() }
        let rewritten = PatternClasses(pattern)
        for name in rewritten.names where !UnicodeClasses.define(name) {
            throw .unsupported(place: place, found: pattern, supported: ["fewer classes of Unicode at once"])
        }
        let bytes = Array(rewritten.text.utf8)
        var program: OnigRegex?
        let code = bytes.withUnsafeBufferPointer { buffer -> Int32 in
            // An empty array has no address of its own.
            guard let start = buffer.baseAddress else { return ONIGERR_INVALID_ARGUMENT }
            return onig_new(&program, start, start + buffer.count, 0, Self.encoding, Self.syntax, nil)
        }
        guard code == ONIG_NORMAL, let program else {
            throw .regularExpression(place: place, pattern: pattern, code: Int(code))
        }
        self.program = program
    }

    deinit {
        onig_free(program)
    }

    /// A search of one text, piece by piece.
    func search(bytes: Int) -> ExpressionSearch { ExpressionSearch(self, program, bytes: bytes) }

    /// Why a search ended early.
    func gaveUp(_ code: Int32) -> TokenizerError { .patternGaveUp(place: place, pattern: pattern, code: Int(code)) }
}

/// The state of an expression's search through one text.
final class ExpressionSearch {
    private let expression: RegularExpression
    private let program: OnigRegex
    private let region: UnsafeMutablePointer<OnigRegion>
    private let limits: OpaquePointer
    private var clock: SearchClock

    fileprivate init(_ expression: RegularExpression, _ program: OnigRegex, bytes: Int) {
        guard let region = onig_region_new(), let limits = onig_new_match_param() else {
            preconditionFailure("no memory is left for a search")
        }
        onig_initialize_match_param(limits)
        self.expression = expression
        self.program = program
        self.region = region
        self.limits = limits
        clock = SearchClock(bytes: bytes)
    }

    deinit {
        onig_region_free(region, 1)
        onig_free_match_param(limits)
    }

    /// Calls `body` with the matches inside `range`, left to right, without overlap; the text outside of it is not seen.
    ///
    /// An empty match right after another match is skipped, as rust-onig's `find_iter` does.
    /// - Throws: `TokenizerError.patternGaveUp` where the searches of the text take more time than `SearchClock`
    ///   allows, or more steps or memory than Oniguruma may take.
    func eachMatch(
        in text: [UInt8], _ range: Range<Int>, _ body: (Range<Int>) -> Void
    ) throws(TokenizerError) {
        let failure = text.withUnsafeBufferPointer { search($0, range, body) }
        if let failure { throw expression.gaveUp(failure) }
    }

    /// Gives Oniguruma's error, or nil when the whole range was searched.
    private func search(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void
    ) -> Int32? {
        guard let base = text.baseAddress else { return nil }
        let (start, end) = (base + range.lowerBound, base + range.upperBound)
        // Steps back from one position; real patterns take no more than a few for each byte.
        onig_set_retry_limit_in_match_of_match_param(limits, 1_000_000 + 16 * UInt(range.count))
        func next(_ position: Int) -> Int {
            position + (position < range.upperBound ? UTF8Text.length(of: text[position]) : 1)
        }
        var previous = -1
        var position = range.lowerBound
        while position <= range.upperBound {
            // One position at a time, so that the clock is looked at in between.
            let code = onig_match_with_param(
                program, start, end, base + position, region, OnigOptionType(ONIG_OPTION_NONE), limits)
            guard clock.goesOn() else { return ONIGERR_RETRY_LIMIT_IN_SEARCH_OVER }
            if code == ONIG_MISMATCH {
                position = next(position)
                continue
            }
            guard code >= 0 else { return code }
            let match =
                range.lowerBound + Int(region.pointee.beg[0])..<range.lowerBound + Int(region.pointee.end[0])
            if match.isEmpty, match.upperBound == previous {
                position = next(position)
            } else {
                body(match)
                previous = match.upperBound
                position = match.upperBound
            }
        }
        return nil
    }
}

/// The processor time that the searches of one text may take together.
///
/// A pattern comes from a file, and may be quadratic or worse on some texts. Those of real tokenizers take a fraction of a
/// microsecond a byte.
private struct SearchClock {
    private let limit: Double
    private var calls = 0
    private let start = Self.seconds

    init(bytes: Int) {
        limit = 2 + 2e-6 * Double(bytes)
    }

    /// Whether there is time left; looks at the clock now and then.
    mutating func goesOn() -> Bool {
        calls += 1
        return calls % 64 != 0 || Self.seconds - start < limit
    }

    private static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
