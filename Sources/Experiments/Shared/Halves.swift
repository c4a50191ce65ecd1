/// Places of the pairs that choices are made on, and of those that judge them.
public struct Halves: Sendable, Equatable {
    /// Where a layer, a direction, a rank or a penalty is chosen.
    public let fit: [Int]
    /// Where it is reported.
    public let confirm: [Int]
    /// Whether no pair is in both.
    public let areApart: Bool

    /// Every pair in both, though a choice may have been made on others.
    public init(all count: Int, areApart: Bool = false) {
        fit = Array(0..<count)
        confirm = fit
        self.areApart = areApart
    }

    /// Some of `count` pairs in each; every pair in both where one would be empty.
    public init(fit: [Int], confirm: [Int], of count: Int) {
        areApart = !fit.isEmpty && !confirm.isEmpty
        self.fit = areApart ? fit : Array(0..<count)
        self.confirm = areApart ? confirm : Array(0..<count)
    }

    /// Those of the first `count` pairs.
    func prefix(_ count: Int) -> Halves {
        areApart
            ? Halves(fit: fit.filter { $0 < count }, confirm: confirm.filter { $0 < count }, of: count)
            : Halves(all: count)
    }
}

extension Array {
    /// Some of the values, in the order of their places.
    public func at(_ places: [Int]) -> [Element] { places.map { self[$0] } }

    /// The first of the items with the largest value in size.
    public func largest(by value: (Element) -> Double) -> Element? {
        reduce(nil) { best, item in
            guard let best, abs(value(best)) >= abs(value(item)) else { return item }
            return best
        }
    }
}
