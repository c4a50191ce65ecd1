/// One part of a formula, as TeX understands it; nothing here says how it is drawn.
public indirect enum MathNode: Sendable, Equatable {
    /// Letters of one name. A single letter is a variable, which is italic unless it is upright.
    case letters(String, isUpright: Bool)
    case number(String)
    /// A sign that is not a letter, and what it is to its neighbours.
    case symbol(String, MathAtom)
    /// A name such as `log` or `max`.
    case function(String, MathLimits)
    /// A sign that grows in displays, such as `∑`.
    case large(String, MathLimits)
    case text(String)
    case space(em: Double)
    case group([MathNode])
    case fraction(MathFraction)
    case root([MathNode], degree: [MathNode]?)
    /// Subscript and superscript, or what stands below and above an operator with limits.
    case scripts(MathNode, below: [MathNode]?, above: [MathNode]?)
    case marked(MathMark)
    /// What is set below and above, smaller: `\overset`, `\xrightarrow`.
    case stacked(MathNode, below: [MathNode]?, above: [MathNode]?)
    /// `\left( … \right)`; an empty side has no sign.
    case delimited([MathNode], left: String, right: String)
    /// A delimiter of a given height, or one as high as what surrounds it.
    case delimiter(String, MathAtom, em: Double?)
    case table(MathTable)
    case styled(MathStyle, [MathNode])
    /// An arrow as long as what is set below and above it: `\xrightarrow`.
    case arrow(String, below: [MathNode]?, above: [MathNode]?)
    /// What is drawn, or takes room, in part only: `\phantom`, `\smash`.
    case reduced([MathNode], MathExtent)
    /// What has lines drawn around or through it.
    case ruled([MathNode], MathRule)
    /// A group that counts as one sign of this kind: `\mathrel{…}`.
    case classed([MathNode], MathAtom)
}

/// What a part of a formula is to its neighbours, which decides the space between them (The TeXbook, chapter 18).
public enum MathAtom: Sendable, Equatable {
    case ordinary, `operator`, binary, relation, opening, closing, punctuation, inner
}

/// Where the scripts of an operator stand.
public enum MathLimits: Sendable, Equatable {
    /// Beside it.
    case beside
    /// Below and above it in displays, beside it in text.
    case movable
    /// Below and above it everywhere.
    case stacked
}

/// A fraction, or two rows in parentheses.
public struct MathFraction: Sendable, Equatable {
    /// What stands above the bar.
    public let top: [MathNode]
    /// What stands below it.
    public let bottom: [MathNode]
    /// False for a binomial coefficient.
    public let hasBar: Bool
    /// The size that it asks for; nil for that of its surroundings.
    public let style: MathStyle?
}

/// A mark above or below its base.
public struct MathMark: Sendable, Equatable {
    /// What is marked.
    public let base: [MathNode]
    /// The sign: `^` for a hat.
    public let sign: String
    /// Whether it stands below.
    public let isBelow: Bool
    /// Whether it is as wide as its base.
    public let stretches: Bool
    /// Whether scripts become a label beyond it, as with braces.
    public let isBrace: Bool
}

/// What remains of a part of a formula that is drawn, or takes room, in part only.
public struct MathExtent: Sendable, Equatable {
    /// Whether it is seen.
    public var isDrawn = true
    /// Whether it takes the width that it has.
    public var hasWidth = true
    /// Whether it takes the height above the line that it has.
    public var hasHeight = true
    /// Whether it takes the depth below the line that it has.
    public var hasDepth = true
}

/// Lines that are drawn with a part of a formula.
public enum MathRule: Sendable, Equatable {
    /// `\boxed`.
    case around
    /// `\overline`.
    case over
    /// `\underline`.
    case under
    /// `\cancel`.
    case through
}

/// How large a part of a formula is set.
public enum MathStyle: Sendable, Equatable {
    case display, text, script, scriptscript
}

/// Rows of cells.
public struct MathTable: Sendable, Equatable {
    /// Where a column's cells stand.
    public enum Alignment: Sendable, Equatable {
        case left, center, right
    }

    /// What a table is for, which decides how far its columns stand apart and how large its cells are.
    public enum Kind: Sendable, Equatable {
        case matrix, cases, small
        /// Equations, aligned at their signs.
        case equations
    }

    /// What it is for.
    public let kind: Kind
    /// The alignment of each column; the last holds for all that follow.
    public let alignments: [Alignment]
    /// Its cells; rows may differ in length.
    public let rows: [[[MathNode]]]
    /// How many lines there are before each column, and after the last; empty for none anywhere.
    public var columnRules: [Int] = []
    /// How many lines there are above each row, and below the last; empty for none anywhere.
    public var rowRules: [Int] = []
}

extension MathNode {
    /// What the part is to its neighbours.
    public var atom: MathAtom {
        switch self {
        case .letters, .number, .text, .space, .group, .root, .reduced, .ruled, .table, .styled: .ordinary
        case .marked(let mark): mark.isBrace ? .operator : .ordinary
        case .function, .large: .operator
        case .fraction, .delimited: .inner
        case .symbol(_, let atom), .delimiter(_, let atom, _), .classed(_, let atom): atom
        case .scripts(let base, _, _), .stacked(let base, _, _): base.atom
        case .arrow: .relation
        }
    }

    /// Where its scripts stand.
    public var limits: MathLimits {
        switch self {
        case .function(_, let limits), .large(_, let limits): limits
        case .marked(let mark): mark.isBrace ? .stacked : .beside
        case .classed(_, .operator): .movable
        default: .beside
        }
    }

    /// The same operator with its scripts elsewhere; nil for what is no operator.
    func with(_ limits: MathLimits) -> MathNode? {
        switch self {
        case .function(let name, _): .function(name, limits)
        case .large(let sign, _): .large(sign, limits)
        default: nil
        }
    }
}
