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
