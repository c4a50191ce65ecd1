import Digests
import Markdown
import Notebooks

/// Parameters of a notebook with the values that a sweep gives them; a point for every combination.
public struct Sweep: Sendable, Equatable {
    /// One parameter with its values as `-P` would write them.
    public struct Axis: Sendable, Equatable {
        /// The parameter's name.
        public let name: String
        /// The values in order.
        public let values: [String]

        /// A parameter with its values as they are.
        public init(name: String, values: [String]) {
            self.name = name
            self.values = values
        }
    }

    /// One value for each parameter.
    public struct Point: Sendable, Equatable {
        /// Names and values, in the order of the sweep.
        public let settings: [Setting]

        /// What files and the store call the point: `adapter=a,seed=1`, the same for no two points.
        public var name: String {
            settings.map { "\($0.name)=\(Sweep.fileName(of: $0.value))" }.joined(separator: ",")
        }

        /// What pages call it: `adapter a, seed 1`.
        public var title: String { settings.map { "\($0.name) \($0.shown)" }.joined(separator: ", ") }
    }

    /// A parameter with its value.
    public struct Setting: Sendable, Equatable {
        /// The parameter's name.
        public let name: String
        /// Its value as `-P` would write it.
        public let value: String

        /// The value as pages show it: of a whole path its last part, since no page tells where files lie.
        var shown: String {
            Sweep.isWholePath(value) ? value.split(separator: "/").last.map(String.init) ?? "/" : value
        }
    }

    /// The most points of a sweep.
    public static let most = 500

    /// The parameters, in order; the last one changes fastest from point to point.
    public let axes: [Axis]

    /// A sweep over these parameters.
    public init(_ axes: [Axis]) throws(SweepError) {
        var count = 1
        for (index, axis) in axes.enumerated() {
            if axes[..<index].contains(where: { $0.name == axis.name }) {
                throw SweepError(name: axis.name, problem: "the parameter is given twice")
            }
            if axis.values.isEmpty { throw SweepError(name: axis.name, problem: "there are no values") }
            var seen: Set<String> = []
            for value in axis.values where !seen.insert(value).inserted {
                throw SweepError(name: axis.name, problem: "the value '\(value.shortened)' is listed twice")
            }
            count *= axis.values.count
            if count > Self.most {
                throw SweepError(name: axis.name, problem: "the sweep has more than \(Self.most) points")
            }
        }
        self.axes = axes
    }

    /// Every combination of values.
    public var points: [Point] {
        axes.reduce([Point(settings: [])]) { points, axis in
            points.flatMap { point in
                axis.values.map { Point(settings: point.settings + [Setting(name: axis.name, value: $0)]) }
            }
        }
    }

    /// What names the page that compares the points: `adapter,seed`.
    public var name: String { axes.map(\.name).joined(separator: ",") }

    private static func isWholePath(_ value: String) -> Bool { value.hasPrefix("/") }

    /// A value that can be part of a file's name: `/` as `~`, and what else a name should not hold as `%` and two digits; of a long value
    /// its beginning and its digest, of a whole path its last part and its digest.
    private static func fileName(of value: String) -> String {
        let told = isWholePath(value) ? value.split(separator: "/").last ?? "" : value[...]
        let name = told.utf8.map { byte -> String in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"),
                UInt8(ascii: "-"):
                String(UnicodeScalar(byte))
            case UInt8(ascii: "/"): "~"
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }.joined()
        if name.count <= 60, !isWholePath(value) { return name }
        return name.prefix(44) + "%" + SHA256.digest(of: value).hex.prefix(15)
    }
}

extension Sweep.Axis {
    /// A parameter as the command line writes it: `adapter=a,b`, `seed=1..3`.
    public init(_ written: String) throws(SweepError) {
        guard let sign = written.firstIndex(of: "="), sign > written.startIndex else {
            throw SweepError(
                name: written, problem: "a sweep is written name=values, such as adapter=a,b or seed=1..3")
        }
        let name = String(written[..<sign])
        let list = written[written.index(after: sign)...].split(separator: ",", omittingEmptySubsequences: false)
        guard list != [""] else { throw SweepError(name: name, problem: "there are no values") }
        try self.init(name, list.map(String.init))
    }

    /// A parameter with its values, where `1..3` stands for the whole numbers from 1 to 3.
    init(_ name: String, _ written: [String]) throws(SweepError) {
        var values: [String] = []
        for text in written {
            guard let dots = text.firstRange(of: ".."), let first = Int(text[..<dots.lowerBound]),
                let last = Int(text[dots.upperBound...])
            else {
                values.append(text)
                continue
            }
            guard first <= last else {
                throw SweepError(name: name, problem: "the range '\(text.shortened)' is empty")
            }
            let (distance, isTooLong) = last.subtractingReportingOverflow(first)
            guard !isTooLong, distance < Sweep.most else {
                throw SweepError(
                    name: name, problem: "the range '\(text.shortened)' has more than \(Sweep.most) values")
            }
            values += (first...last).map(String.init)
        }
        self.init(name: name, values: values)
    }

    /// The parameters of a sweep in a YAML file: names with a value, a range or a list of them.
    /// - Throws: every problem with its place.
    public static func all(in source: SourceText) throws(Diagnostics) -> [Sweep.Axis] {
        var log = ProblemLog(source)
        let slice = YAMLSlice(source, lines: 1..<source.lineCount + 1)
        let value = YAMLParser.value(of: slice, subject: "the sweep", log: &log)
        if let value, value.mapping == nil {
            log.add(
                .yamlKind, at: value.location,
                "a sweep is a mapping of parameters to their values, such as 'seed: [1, 2]', not \(value.inWords)")
        }
        var axes: [Sweep.Axis] = []
        for entry in value?.mapping ?? [] {
            let texts = (entry.value.sequence ?? [entry.value]).map(text)
            do throws(SweepError) {
                guard !texts.contains(nil) else {
                    throw SweepError(name: entry.key, problem: "its values are plain values, or lists of them")
                }
                axes.append(try Sweep.Axis(entry.key, texts.compactMap(\.self)))
            } catch {
                log.add(.badParameter, at: entry.value.location, error.description)
            }
        }
        guard log.all.isEmpty else { throw Diagnostics(log.all) }
        return axes
    }

    /// A value as `-P` writes it, a list's values apart by commas; nil for a mapping, or for lists in lists.
    private static func text(_ value: YAMLValue) -> String? {
        guard let values = value.sequence else { return value.text }
        let texts = values.compactMap(\.text)
        return texts.count == values.count ? texts.joined(separator: ",") : nil
    }
}

/// Why a sweep cannot be made, by the parameter that is at fault.
public struct SweepError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The parameter, or what was written instead of one.
    public let name: String
    /// What is wrong, as a clause.
    public let problem: String

    /// What is wrong with a parameter of a sweep.
    public init(name: String, problem: String) {
        self.name = name
        self.problem = problem
    }

    /// One sentence.
    public var description: String { "the sweep over '\(name.shortened)': \(problem)" }
}
