/// What a series is in the argument of a figure; it decides how loud the series is drawn.
public enum Role: Sendable, Equatable, Codable {
    /// The quantity that the figure is about.
    case effect
    /// The one beside it.
    case second
    /// One of several equals.
    case other
    /// What the effect is judged against: drawn quietly.
    case control
}

/// One mark's place with its interval; a missing or infinite number leaves a gap.
public struct Point: Sendable, Equatable, Codable {
    /// Place on the x axis.
    public let x: Double
    /// Place on the y axis.
    public let y: Double
    /// Ends of the interval around `y`, where there is one.
    public let lower: Double?
    /// The upper end.
    public let upper: Double?
    /// What the mark is, for the reader who points at it: `pair 12`.
    public let label: String
    /// Ends of a wider interval that holds for all points at once (a simultaneous band), where there is one.
    public let outerLower: Double?
    /// The upper end.
    public let outerUpper: Double?

    /// A point; each interval is drawn where both its ends are there.
    public init(
        x: Double, y: Double, lower: Double? = nil, upper: Double? = nil, label: String = "", outerLower: Double? = nil,
        outerUpper: Double? = nil
    ) {
        self.x = x
        self.y = y
        self.lower = lower
        self.upper = upper
        self.label = label
        self.outerLower = outerLower
        self.outerUpper = outerUpper
    }

    /// The interval, where both its ends are numbers; an infinite end is open.
    var interval: Ends? { Estimate(y, lower: lower, upper: upper).interval }

    /// The simultaneous interval, where both its ends are numbers.
    var outer: Ends? { Estimate(y, lower: outerLower, upper: outerUpper).interval }

    /// All intervals of the point.
    var intervals: [Ends] { [interval, outer].compactMap(\.self) }
}

/// Points that belong together, with a name and a role.
public struct Series: Sendable, Equatable, Codable {
    /// The name in keys.
    public let label: String
    /// How loud it is drawn.
    public let role: Role
    /// The marks in the order they are joined.
    public let points: [Point]

    /// A series out of its parts.
    public init(_ label: String, role: Role, points: [Point]) {
        self.label = label
        self.role = role
        self.points = points
    }
}

/// How one series looks: a class for the style sheet and a marker's shape, so that colour never carries the difference alone.
struct SeriesStyle: Equatable {
    let className: String
    let marker: Marker
    let isControl: Bool

    /// One style a series: effects take the colours from 1 on, second ones from 2, the others what is left, controls their own.
    static func styles(for roles: [Role]) -> [SeriesStyle] {
        var numbers = [Int](repeating: 0, count: roles.count)
        var taken: Set<Int> = []
        var controls = 0
        for wanted in [Role.effect, .second, .other] {
            for index in roles.indices where roles[index] == wanted {
                var number = wanted == .second ? 2 : 1
                while taken.contains(number) { number += 1 }
                taken.insert(number)
                numbers[index] = number
            }
        }
        return roles.indices.map { index in
            if roles[index] == .control {
                controls += 1
                return SeriesStyle(
                    className: "pb-control-\((controls - 1) % 4 + 1)", marker: Marker(controls + 1), isControl: true)
            }
            // From the ninth on colours come again: dashed, pale or hollow, and with another shape each round.
            let (round, color) = (numbers[index] - 1).quotientAndRemainder(dividingBy: 8)
            return SeriesStyle(
                className: "pb-series-\(color + 1)\(round > 0 ? " pb-again" : "")", marker: Marker(color + round),
                isControl: false)
        }
    }
}

/// The shape of a mark at one point.
enum Marker: Int, CaseIterable {
    case circle, square, diamond, triangle

    init(_ number: Int) { self = Self.allCases[number % Self.allCases.count] }

    /// The outline around (`x`, `y`), all shapes of about the same area as a circle of this radius.
    func outline(x: Double, y: Double, radius r: Double) -> String {
        var path = PathData()
        switch self {
        case .circle:
            let n = Numerals.coordinate
            // One arc to a tenth of a pixel beside where it began, because an arc back to that very point is none.
            return "M\(n(x)) \(n(y - r))a\(n(r)) \(n(r)) 0 1 1-.1 0z"
        case .square:
            let a = r * 0.9
            path.move(x - a, y - a)
            path.line(x + a, y - a)
            path.line(x + a, y + a)
            path.line(x - a, y + a)
        case .diamond:
            let a = r * 1.3
            path.move(x, y - a)
            path.line(x + a, y)
            path.line(x, y + a)
            path.line(x - a, y)
        case .triangle:
            let a = r * 1.25
            path.move(x, y - a)
            path.line(x + a, y + a * 0.8)
            path.line(x - a, y + a * 0.8)
        }
        path.close()
        return path.text
    }
}
