import Charts
import Markdown
import Notebooks
import Values

/// Lines that a chart's data are compared with: numbers, or values of blocks above, with what they stand for.
struct ReferenceLines: Sendable {
    private struct Line: Sendable {
        enum Place: Sendable {
            case number(Double)
            case value(String)
        }

        let place: Place
        let label: String?
    }

    static let option = Option.yaml(
        "reference", type: "a number, a value such as id.path, or a list of {value, label}",
        help: "reference lines to draw, such as {value: score.gain.mean, label: mean gain}"
    ).naming(.values(keys: ["value", "label"])).optional

    /// More names than these do not find room on a chart.
    private static let most = 6

    private let lines: [Line]
    /// The axis that the lines lie on.
    private let axis: Axis
    /// The ids of the blocks whose values are used.
    let blocks: [String]
    /// The names of the parameters that are used.
    let parameters: [String]

    /// Reads the lines, and notes each that cannot be drawn.
    init(_ value: YAMLValue?, on axis: Axis, _ arguments: Arguments, _ problems: inout ArgumentProblems) {
        self.axis = axis
        if let items = value?.sequence, items.count > Self.most {
            problems.add("reference", "a chart takes at most \(Self.most) lines, not \(items.count)")
        }
        var lines: [Line] = []
        var blocks: [String] = []
        var parameters: [String] = []
        for item in value?.sequence ?? value.map({ [$0] }) ?? [] {
            do throws(ArgumentError) {
                let (place, label) = try Self.parts(of: item)
                switch place.scalar {
                case .int, .number:
                    let number = place.scalar?.number ?? .nan
                    if let problem = Self.problem(number, on: axis) {
                        throw ArgumentError(option: "reference", problem, at: place.location)
                    }
                    lines.append(Line(place: .number(number), label: label))
                case .string(let path):
                    if let block = try arguments.block(ofValue: path, option: "reference", in: place) {
                        blocks.append(block)
                    } else {
                        parameters.append(String(path.dropFirst("params.".count)))
                    }
                    if let kind = arguments.kind(ofValue: path), kind != .number {
                        throw ArgumentError(
                            option: "reference", "'\(path)' is \(kind.words), and a line needs a number",
                            at: place.location)
                    }
                    lines.append(Line(place: .value(path), label: label))
                default: throw Self.mistake(item)
                }
            } catch {
                problems.add(error)
            }
        }
        (self.lines, self.blocks, self.parameters) = (lines, blocks, parameters)
    }

    /// The lines where they lie.
    /// - Throws: an error for a value that is not a number.
    func references(_ bindings: Bindings) throws(ArgumentError) -> [Reference] {
        var references: [Reference] = []
        for line in lines {
            switch line.place {
            case .number(let number):
                references.append(Reference(number, label: line.label ?? Scalar.number(number).text))
            case .value(let path):
                let scalar = bindings.value(path) ?? .null
                guard let number = scalar.number, number.isFinite else {
                    throw ArgumentError(
                        option: "reference",
                        "'\(path)' is \(scalar == .null ? "no value" : "'\(scalar.text)'") here, and a line needs a number"
                    )
                }
                if let problem = Self.problem(number, on: axis) {
                    throw ArgumentError(option: "reference", "\(problem), which is '\(path)' here")
                }
                let shown = scalar.text
                references.append(Reference(number, label: line.label.map { "\($0) (\(shown))" } ?? shown))
            }
        }
        return references
    }

    private static func problem(_ number: Double, on axis: Axis) -> String? {
        guard !axis.shows(number) else { return nil }
        let shown =
            number.isInfinite ? number > 0 ? "∞" : "\u{2212}∞" : number.isNaN ? "NaN" : Scalar.number(number).text
        return "a \(axis.scale == .linear ? "chart" : "logarithmic axis") has no place for \(shown)"
    }

    private static func parts(of item: YAMLValue) throws(ArgumentError) -> (place: YAMLValue, label: String?) {
        guard let entries = item.mapping else { return (item, nil) }
        if let odd = entries.first(where: { $0.key != "value" && $0.key != "label" }) {
            throw ArgumentError(
                option: "reference", "a line has 'value' and 'label', not '\(odd.key)'", at: odd.keyLocation)
        }
        guard let place = item["value"] else {
            throw ArgumentError(option: "reference", "a line needs its 'value'", at: item.location)
        }
        if let label = item["label"], label.text == nil { throw mistake(label) }
        return (place, item["label"]?.text)
    }

    private static func mistake(_ item: YAMLValue) -> ArgumentError {
        ArgumentError(
            option: "reference", "\(item.inWords) is not a place for a line", at: item.location,
            help: "a line is a number, a value such as id.path, or {value: …, label: …}")
    }
}
