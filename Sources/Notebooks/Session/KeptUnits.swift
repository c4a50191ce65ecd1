/// The finished parts of a block's result, kept as they come, so that a run that is stopped continues from the last of them.
struct KeptUnits: Sendable {
    /// Nil where nothing is kept.
    let keeper: (any ResultKeeping)?
    let key: String
    /// Told of each part with its name, and whether it was there already.
    let observer: @Sendable (_ name: String, _ isKept: Bool) -> Void

    init(
        keeper: (any ResultKeeping)? = nil, key: String = "",
        observer: @escaping @Sendable (_ name: String, _ isKept: Bool) -> Void = { _, _ in }
    ) {
        self.keeper = keeper
        self.key = key
        self.observer = observer
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

    /// Keeps a finished part, in place of what was kept under its name.
    /// - Parameter step: what is told of instead of the name, for a part that is kept again and again while it grows.
    /// - Throws: ``StoreError`` when it cannot be kept.
    public func keep(_ name: String, _ bytes: [UInt8], step: String? = nil) throws {
        try units.keeper?.keepUnit(bytes, name, of: units.key)
        units.observer(step ?? name, false)
        try cancellation.check()
    }
}
