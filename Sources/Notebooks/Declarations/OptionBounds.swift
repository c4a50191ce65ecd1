import Values

/// A range of numbers that an option takes, as Swift writes it: `1...`, `0...1`, `...9`.
public protocol OptionBounds<Bound> {
    associatedtype Bound: Comparable
    /// The least and the greatest value, where there is one.
    var limits: (least: Bound?, greatest: Bound?) { get }
}

extension ClosedRange: OptionBounds {
    /// Both ends.
    public var limits: (least: Bound?, greatest: Bound?) { (lowerBound, upperBound) }
}

extension PartialRangeFrom: OptionBounds {
    /// The lower end alone.
    public var limits: (least: Bound?, greatest: Bound?) { (lowerBound, nil) }
}

extension PartialRangeThrough: OptionBounds {
    /// The upper end alone.
    public var limits: (least: Bound?, greatest: Bound?) { (nil, upperBound) }
}

/// Bounds with the words that messages and help use for them.
struct NumberLimits<Number: Comparable & Sendable>: Sendable {
    let least: Number?
    let greatest: Number?

    init(_ bounds: any OptionBounds<Number>) { (least, greatest) = bounds.limits }

    init(least: Number?, greatest: Number?) {
        self.least = least
        self.greatest = greatest
    }

    /// `a whole number, at least 1`, `a number from 0 to 1`.
    func type(_ noun: String) -> String {
        switch (least.flatMap(Self.shown), greatest.flatMap(Self.shown)) {
        case (nil, nil): noun
        case (let least?, nil): "\(noun), at least \(least)"
        case (nil, let greatest?): "\(noun), at most \(greatest)"
        case (let least?, let greatest?): "\(noun) from \(least) to \(greatest)"
        }
    }

    /// `is too small`; nil when the value is within.
    func verdict(on value: Number) -> String? {
        if let least, value < least { return "is too small" }
        if let greatest, value > greatest { return "is too large" }
        return nil
    }

    /// A bound in digits; nil for one that stands for "no bound".
    private static func shown(_ bound: Number) -> String? {
        switch bound {
        case let number as Int: number == .min || number == .max ? nil : String(number)
        case let number as Double: number.isFinite ? Scalar.number(number).plainText : nil
        default: String(describing: bound)
        }
    }
}
