/// The finished parts of a block's result, kept as they come, so that a run that is stopped continues from the last of them.
struct KeptUnits: Sendable {
    /// Nil where nothing is kept.
    let keeper: (any ResultKeeping)?
    let key: String
    /// This task's share of the units; nil where one process computes all.
    let shard: Shard?
    /// Told of each part with its name, and whether it was there already.
    let observer: @Sendable (_ name: String, _ isKept: Bool) -> Void

    init(
        keeper: (any ResultKeeping)? = nil, key: String = "", shard: Shard? = nil,
        observer: @escaping @Sendable (_ name: String, _ isKept: Bool) -> Void = { _, _ in }
    ) {
        self.keeper = keeper
        self.key = key
        self.shard = shard
        self.observer = observer
    }
}

extension KeptUnits {
    /// Deletes the parts: in one of several tasks those that this task finished.
    func forget() throws {
        if let shard { try shard.forgetUnits(of: key) } else { try keeper?.forgetUnits(of: key) }
    }
}

extension Bindings {
    /// A part of a long result that an earlier run of the same block finished; nil when there is none, or `read` makes nothing of it.
    /// - Throws: ``StoreError``.
    public func unit<Value>(_ name: String, read: ([UInt8]) -> Value?) throws -> Value? {
        try cancellation.check()
        guard let bytes = try units.keeper?.unit(name, of: units.key), let value = read(bytes) else { return nil }
        units.observer(name, true)
        return value
    }

    /// In one of several tasks, how the units are shared out; else nil.
    public var shard: Shard? { units.shard }

    /// Whether the next unit is this task's to compute.
    /// - Throws: ``StoreError``.
    public func takesNext(_ name: String) throws -> Bool { try units.shard?.takesNext(name, of: units.key) ?? true }
    /// Asks before a long part whether the run allows it.
    /// - Parameters:
    ///   - noun: what is counted: `pairs`.
    ///   - named: the names under which its parts are kept, with how many of what is counted each holds.
    ///   - operations: floating-point operations of a unit.
    /// - Throws: when the run does not allow it, and ``StoreError``.
    public func ask(_ noun: String, units named: [(name: String, count: Int)], operations: (_ unit: Int) -> Double)
        throws
    {
        guard let allow else { return }
        let kept = try units.keeper?.unitNames(of: units.key) ?? []
        let left = named.indices.filter { !kept.contains(named[$0].name) }.reduce(0) { $0 + operations($1) }
        guard left > 0 else { return }
        let done = named.filter { kept.contains($0.name) }.reduce(0) { $0 + $1.count }
        let total = named.reduce(0) { $0 + $1.count }
        try allow(
            Forecast(operations: left, start: Progress(unit: noun, done: done, total: total, kept: done)))
    }

    /// Keeps a finished part, in place of what was kept under its name.
    /// - Parameter step: what is reported instead of the name, for a part that is kept again and again while it grows.
    /// - Throws: ``StoreError`` when it cannot be kept.
    public func keep(_ name: String, _ bytes: [UInt8], step: String? = nil) throws {
        if let shard = units.shard {
            try shard.keep(bytes, name, of: units.key)
        } else {
            try units.keeper?.keepUnit(bytes, name, of: units.key)
        }
        units.observer(step ?? name, false)
        try cancellation.check()
    }
}
