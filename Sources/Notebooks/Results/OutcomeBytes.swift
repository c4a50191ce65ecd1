import Charts
import Digests
import Foundation
import Values

/// An outcome as bytes and back, the very same: what the store keeps of a block.
///
/// Figures are kept as the data of their charts, so that a page drawn from a kept result has the same bytes.
public enum OutcomeBytes {
    /// The shape of the bytes.
    private static let version: UInt8 = 2

    /// The outcome's bytes.
    public static func bytes(of outcome: Outcome) -> [UInt8] {
        var writer = ByteWriter()
        writer.byte(version)
        writer.count(outcome.values.count)
        for value in outcome.values { writer.value(value) }
        writer.count(outcome.tables.count)
        for table in outcome.tables {
            writer.text(table.name)
            writer.table(table.table)
        }
        writer.count(outcome.figures.count)
        for figure in outcome.figures { write(figure, of: outcome, to: &writer) }
        writer.count(outcome.checks.count)
        for check in outcome.checks {
            writer.text(check.name)
            writer.bits(check.found.bitPattern)
            writer.bits(check.tolerance.bitPattern)
            writer.text(check.unit)
        }
        writer.count(outcome.claims.count)
        for claim in outcome.claims {
            writer.text(claim.claim)
            writer.text(claim.kind.rawValue)
            writer.text(claim.because)
            writer.scalar(claim.found)
            writer.numbers(claim.interval.map { [$0.lower, $0.upper] } ?? [])
            writer.count(claim.others.count)
            for other in claim.others {
                writer.text(other.path)
                writer.scalar(other.scalar)
            }
            writer.byte(claim.held ? 1 : claim.missing == nil ? 0 : 2)
            if let missing = claim.missing { writer.text(missing) }
        }
        writer.count(outcome.notes.count)
        for note in outcome.notes { writer.text(note) }
        return writer.bytes
    }

    /// The outcome that was written; nil for other bytes.
    public static func outcome(of bytes: [UInt8]) -> Outcome? {
        var reader = ByteReader(bytes)
        return try? outcome(from: &reader)
    }

    /// Only the values of the outcome that was written; nil for other bytes.
    static func values(of bytes: [UInt8]) -> [Outcome.Value]? {
        var reader = ByteReader(bytes)
        return (try? start(from: &reader))?.values
    }

    /// The outcome as far as its values.
    private static func start(from reader: inout ByteReader) throws -> Outcome? {
        guard try reader.byte() == version else { return nil }
        var outcome = Outcome()
        for _ in 0..<(try reader.boundedCount()) {
            let path = try reader.text()
            guard outcome.value(path) == nil else { return nil }
            outcome.set(path, try reader.scalar(), parts: try reader.parts())
        }
        return outcome
    }

    private static func outcome(from reader: inout ByteReader) throws -> Outcome? {
        guard var outcome = try start(from: &reader) else { return nil }
        for _ in 0..<(try reader.boundedCount()) {
            let name = try reader.text()
            guard outcome.table(name) == nil else { return nil }
            outcome.add(name, try reader.table())
        }
        for _ in 0..<(try reader.boundedCount()) { outcome.figures.append(try figure(of: outcome, from: &reader)) }
        for _ in 0..<(try reader.boundedCount()) {
            outcome.checks.append(
                Check(
                    name: try reader.text(), found: Double(bitPattern: try reader.bits()),
                    tolerance: Double(bitPattern: try reader.bits()), unit: try reader.text()))
        }
        for _ in 0..<(try reader.boundedCount()) { outcome.claims.append(try claim(from: &reader)) }
        for _ in 0..<(try reader.boundedCount()) { outcome.notes.append(try reader.text()) }
        return reader.isAtEnd ? outcome : nil
    }

    private static func claim(from reader: inout ByteReader) throws -> ClaimVerdict {
        let claim = try reader.text()
        guard let kind = ClaimKind(rawValue: try reader.text()) else { throw ByteReader.Malformed() }
        let (because, found, ends) = (try reader.text(), try reader.scalar(), try reader.numbers())
        guard ends.isEmpty || ends.count == 2 else { throw ByteReader.Malformed() }
        let others = try (0..<(try reader.boundedCount())).map { _ in
            ClaimVerdict.Value(path: try reader.text(), scalar: try reader.scalar())
        }
        let verdict = try reader.byte()
        return ClaimVerdict(
            claim: claim, kind: kind, because: because, found: found,
            interval: ends.isEmpty ? nil : ClaimVerdict.Ends(lower: ends[0], upper: ends[1]),
            missing: verdict == 2 ? try reader.text() : nil, others: others, held: verdict == 1)
    }

    /// A figure whose data is one of the outcome's tables says so instead of repeating it.
    private static func write(_ figure: Figure, of outcome: Outcome, to writer: inout ByteWriter) {
        writer.text(figure.name)
        writer.text(figure.title)
        writer.text(figure.description)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            writer.raw(Array(try encoder.encode(CodableGraphic(figure.chart))))
        } catch {
            preconditionFailure("the chart of figure '\(figure.name)' cannot be written: \(error)")
        }
        if let place = outcome.tables.firstIndex(where: { $0.table.isIdentical(to: figure.data) }) {
            writer.count(place + 1)
        } else {
            writer.count(0)
            writer.table(figure.data)
        }
    }

    private static func figure(of outcome: Outcome, from reader: inout ByteReader) throws -> Figure {
        let (name, title, description) = (try reader.text(), try reader.text(), try reader.text())
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let chart = try decoder.decode(CodableGraphic.self, from: Data(try reader.raw())).graphic
        let place = try reader.count()
        guard place <= outcome.tables.count else { throw ByteReader.Malformed() }
        let data = place == 0 ? try reader.table() : outcome.tables[place - 1].table
        return Figure(name: name, title: title, description: description, chart: chart, data: data)
    }

    /// SHA-256 over what other blocks can read of a result, values and tables, whatever the order they were set in.
    static func digest(of outcome: Outcome) -> String {
        var writer = ByteWriter()
        for value in outcome.values.sorted(by: { $0.path < $1.path }) { writer.value(value) }
        writer.byte(0xFF)
        for table in outcome.tables.sorted(by: { $0.name < $1.name }) {
            writer.text(table.name)
            writer.table(table.table)
        }
        return SHA256.digest(of: writer.bytes).hex
    }
}

extension ByteWriter {
    fileprivate mutating func value(_ value: Outcome.Value) {
        text(value.path)
        scalar(value.scalar)
        count(value.parts == nil ? 0 : 1)
        guard let parts = value.parts else { return }
        count(parts.prompts.count)
        for prompt in parts.prompts { int(prompt) }
        numbers(parts.above)
        numbers(parts.below)
    }

    fileprivate mutating func numbers(_ numbers: [Double]) {
        count(numbers.count)
        for number in numbers { bits(number.bitPattern) }
    }
}

extension ByteReader {
    fileprivate mutating func parts() throws -> EstimateParts? {
        guard try count() != 0 else { return nil }
        let prompts = try (0..<(try boundedCount())).map { _ in try int() }
        let (above, below) = (try numbers(), try numbers())
        guard above.count == prompts.count, below.count == prompts.count else { throw Malformed() }
        return EstimateParts(prompts: prompts, above: above, below: below)
    }

    fileprivate mutating func numbers() throws -> [Double] {
        try (0..<(try boundedCount())).map { _ in Double(bitPattern: try bits()) }
    }
}

extension Table {
    /// Whether both have the same bytes: unlike `==`, a NaN is a NaN, and 0 is not −0.
    fileprivate func isIdentical(to other: Table) -> Bool {
        guard rows.count == other.rows.count,
            columns.elementsEqual(other.columns, by: { $0.utf8.elementsEqual($1.utf8) })
        else { return false }
        return zip(rows, other.rows).allSatisfy { zip($0, $1).allSatisfy { $0.isIdentical(to: $1) } }
    }
}

extension Scalar {
    fileprivate func isIdentical(to other: Scalar) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)): left.bitPattern == right.bitPattern
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        default: self == other
        }
    }
}
