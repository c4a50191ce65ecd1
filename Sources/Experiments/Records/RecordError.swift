import Interventions

/// Why the records of a sweep that was run elsewhere cannot be used, and where.
public struct RecordError: Error, Sendable, Equatable {
    /// What is wrong.
    public enum Problem: Sendable, Equatable {
        /// No row is left to read.
        case nothing
        /// A column that a row does not have.
        case missing(column: String, found: [String])
        /// A value that is not of the kind that its column holds.
        case wrongKind(column: String, expected: String, found: String)
        /// A number that is not finite.
        case notFinite(column: String, found: String)
        /// The same place of the same pair in an earlier row.
        case repeated(first: Int)
        /// A pair's clean margin, or its prompt, that differs from an earlier row's.
        case different(column: String, found: String, before: String, first: Int)
        /// A place that the sweep has for other pairs, and not for this one.
        case missingPlace(pair: String, RecordPlace)
        /// A control that the block does not name.
        case unnamedControl(Control)
        /// A control that the block names, and no row has.
        case absentControl(Control)
        /// No row of the patch itself.
        case noPatch
    }

    /// The row: its line in the file, from 1, or its place in a JSON list, from 1; nil where no row is at fault.
    public let row: Int?
    /// What is wrong there.
    public let problem: Problem

    /// An error at its place.
    public init(row: Int? = nil, _ problem: Problem) {
        self.row = row
        self.problem = problem
    }
}

/// Where a record of a sweep belongs.
public struct RecordPlace: Sendable, Hashable {
    /// The layer from 0; −1 for the donor's embedding alone. Nil where the sweep has one place only.
    public let layer: Int?
    /// From which model into which, and what stood in for the donor; nil for four cells, which have neither.
    public let run: Run?

    /// The direction and the control of a patch.
    public struct Run: Sendable, Hashable {
        /// From which model into which.
        public let direction: Direction
        /// What stood in for the donor.
        public let control: Control

        /// A run of a sweep.
        public init(_ direction: Direction, _ control: Control) {
            self.direction = direction
            self.control = control
        }
    }

    /// A place out of its parts.
    public init(layer: Int?, run: Run? = nil) {
        self.layer = layer
        self.run = run
    }
}
