import CUTF8Proc

/// A normalization form of Unicode (UAX 15), over the tables of Unicode 11.
///
/// Hugging Face's `tokenizers` normalizes by those tables, and models learned from its texts: a scalar that is newer
/// stays as it is and neither orders nor composes with its neighbours.
enum NormalizationForm: String, Sendable, CaseIterable {
    case nfc = "NFC"
    case nfd = "NFD"
    case nfkc = "NFKC"
    case nfkd = "NFKD"

    private var composes: Bool { self == .nfc || self == .nfkc }

    private var decomposition: utf8proc_option_t {
        switch self {
        case .nfc, .nfd: Self.options(UTF8PROC_STABLE, UTF8PROC_DECOMPOSE)
        case .nfkc, .nfkd: Self.options(UTF8PROC_STABLE, UTF8PROC_DECOMPOSE, UTF8PROC_COMPAT)
        }
    }

    private static func options(_ list: utf8proc_option_t...) -> utf8proc_option_t {
        utf8proc_option_t(rawValue: list.reduce(0) { $0 | $1.rawValue })
    }

    /// Writes the normalized form of a stretch of text.
    ///
    /// The text is cut into clusters that no rule of the form crosses: a scalar that starts one, and all that may
    /// order or compose with it.
    func write(_ text: [UInt8], _ range: Range<Int>, to writer: inout TextWriter) {
        var cluster = Cluster(lower: range.lowerBound)
        var position = range.lowerBound
        while position < range.upperBound {
            // An ASCII scalar before another one is alone in its cluster.
            if text[position] < 0x80, position + 1 == range.upperBound || text[position + 1] < 0x80 {
                flush(&cluster, text, position, to: &writer)
                let start = position
                repeat {
                    position += 1
                } while position < range.upperBound && text[position] < 0x80
                    && (position + 1 == range.upperBound || text[position + 1] < 0x80)
                writer.copy(start..<position)
                cluster = Cluster(lower: position)
                continue
            }
            let (scalar, length) = UTF8Text.scalar(in: text, at: position)
            decompose(scalar) { decomposed, isInert in
                if isInert || Self.startsCluster(decomposed.first ?? 0) {
                    flush(&cluster, text, position, to: &writer)
                    cluster = Cluster(lower: position)
                }
                cluster.scalars.append(contentsOf: decomposed)
                let isSame = decomposed.count == 1 && decomposed.first == Int32(scalar.value)
                cluster.isPlain = cluster.scalars.count == 1 && isSame
            }
            position += length
        }
        flush(&cluster, text, range.upperBound, to: &writer)
    }

    /// Scalars that are normalized together.
    private struct Cluster {
        let lower: Int
        var scalars: [Int32] = []
        /// Whether it is one scalar that stays as it is.
        var isPlain = false

        init(lower: Int) {
            self.lower = lower
        }
    }

    private func flush(_ cluster: inout Cluster, _ text: [UInt8], _ upper: Int, to writer: inout TextWriter) {
        let range = cluster.lower..<upper
        if range.isEmpty { return }
        if cluster.isPlain {
            writer.copy(range)
            return
        }
        Self.order(&cluster.scalars)
        if composes, cluster.scalars.count > 1 {
            let count = cluster.scalars.withUnsafeMutableBufferPointer { buffer in
                utf8proc_normalize_utf32(
                    buffer.baseAddress, buffer.count, Self.options(UTF8PROC_STABLE, UTF8PROC_COMPOSE))
            }
            cluster.scalars.removeLast(cluster.scalars.count - max(0, count))
        }
        var bytes: [UInt8] = []
        for value in cluster.scalars {
            if let scalar = Unicode.Scalar(UInt32(bitPattern: value)) {
                bytes += UTF8.encode(scalar).map(Array.init) ?? []
            }
        }
        if bytes.elementsEqual(text[range]) { writer.copy(range) } else { writer.put(bytes, for: range) }
    }

    /// Calls `body` with the full decomposition of a scalar, or the scalar itself where it is inert.
    private func decompose(_ scalar: Unicode.Scalar, _ body: (ArraySlice<Int32>, _ isInert: Bool) -> Void) {
        let value = Int32(scalar.value)
        if Self.isInert(scalar) { return body([value], true) }
        // The longest decomposition, of U+FDFA, has 18 scalars.
        var room = [Int32](repeating: 0, count: 18)
        var boundary: Int32 = 0
        let count = utf8proc_decompose_char(value, &room, room.count, decomposition, &boundary)
        body(count > 0 && count <= room.count ? room[..<count] : [value], false)
    }

    /// Whether the forms leave a scalar alone: one newer than the tables, and U+11A7, which is no trailing consonant
    /// although utf8proc composes it like one.
    private static func isInert(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value == 0x11A7 { return true }
        guard scalar.value >= 0x300, let age = scalar.properties.age else { return false }
        return (age.major, age.minor) > (11, 0)
    }

    /// Whether nothing before a decomposed scalar can order or compose with it.
    private static func startsCluster(_ value: Int32) -> Bool {
        let property = utf8proc_get_property(value).pointee
        if property.combining_class != 0 { return false }
        let category = utf8proc_category_t(rawValue: numericCast(property.category))
        let isMark = [UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_MC, UTF8PROC_CATEGORY_ME].contains(category)
        let isInnerJamo = (0x1160...0x11FF).contains(value)
        return !isMark && !isInnerJamo
    }

    /// Puts each run of combining scalars into canonical order.
    private static func order(_ scalars: inout [Int32]) {
        func combiningClass(_ value: Int32) -> UInt16 { UInt16(utf8proc_get_property(value).pointee.combining_class) }
        var start = 0
        while start < scalars.count {
            if combiningClass(scalars[start]) == 0 {
                start += 1
                continue
            }
            let end = scalars[start...].firstIndex { combiningClass($0) == 0 } ?? scalars.count
            // The order of equal classes stays: the position decides among them.
            let run = scalars[start..<end].enumerated().map { (combiningClass($1), $0, $1) }
            let ordered = run.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
            scalars.replaceSubrange(start..<end, with: ordered)
            start = end
        }
    }
}
