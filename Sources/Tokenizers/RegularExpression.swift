// Oniguruma's encoding and syntax tables are C globals that nothing writes to.
@preconcurrency import COniguruma

/// A compiled Oniguruma expression over UTF-8, in the syntax that Hugging Face's tokenizers uses.
///
/// The compiled program is never written to after `init`, and each search has its own region, so one object may be
/// used from many threads at once.
final class RegularExpression: @unchecked Sendable {
    let pattern: String
    private let program: OnigRegex

    private static let isReady: Bool = {
        var encodings: [OnigEncoding?] = [encoding]
        return onig_initialize(&encodings, 1) == ONIG_NORMAL
    }()

    private static var encoding: OnigEncoding { withUnsafeMutablePointer(to: &OnigEncodingUTF8) { $0 } }
    private static var syntax: UnsafeMutablePointer<OnigSyntaxType> {
        withUnsafeMutablePointer(to: &OnigSyntaxOniguruma) { $0 }
    }

    /// Compiles a pattern.
    /// - Throws: `TokenizerError.regularExpression` with Oniguruma's code.
    init(_ pattern: String, place: String) throws(TokenizerError) {
        precondition(Self.isReady, "Oniguruma does not start")
        self.pattern = pattern
        let bytes = Array(pattern.utf8)
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

    /// The matches inside `range`, left to right, without overlap; the text outside of it is not seen.
    ///
    /// An empty match right behind another match is passed over, as rust-onig's `find_iter` does.
    func matches(in text: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
        guard let region = onig_region_new(), let limits = onig_new_match_param() else {
            preconditionFailure("no memory is left for a search")
        }
        defer {
            onig_region_free(region, 1)
            onig_free_match_param(limits)
        }
        onig_initialize_match_param(limits)
        // Some versions take 0 for "no limit", others for "no retry at all".
        onig_set_retry_limit_in_match_of_match_param(limits, .max)
        return text.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return [] }
            let (start, end) = (base + range.lowerBound, base + range.upperBound)
            var found: [Range<Int>] = []
            var position = range.lowerBound
            while position <= range.upperBound {
                let code = onig_search_with_param(
                    program, start, end, base + position, end, region, OnigOptionType(ONIG_OPTION_NONE), limits)
                if code == ONIG_MISMATCH { break }
                precondition(code >= 0, "Oniguruma gave up on \(pattern) with its error \(code)")
                let match =
                    range.lowerBound + Int(region.pointee.beg[0])..<range.lowerBound + Int(region.pointee.end[0])
                if match.isEmpty, match.upperBound == found.last?.upperBound {
                    position += position < range.upperBound ? UTF8Text.length(of: buffer[position]) : 1
                } else {
                    found.append(match)
                    position = match.upperBound
                }
            }
            return found
        }
    }
}
