import Values

/// A block's values as they were last computed, whatever has changed since.
public struct LastValues: Sendable, Equatable {
    /// The values, in the order in which the block produced them.
    public let values: [Outcome.Value]
    /// Whether the block's own options, parameters and seed were those that it has now.
    public let areOfTheseOptions: Bool
}

extension Analysis {
    /// The values of a block when it last ran, or was last found in the store; nil where none are kept. Nothing runs, and no input is read.
    /// - Throws: ``StoreError``.
    public func lastValues(of id: String, keeping keeper: any ResultKeeping) throws -> LastValues? {
        guard let block = blocks.first(where: { $0.id == id }),
            let last = try keeper.lastIngredients(of: place(of: block)),
            let kept = try keeper.result(BlockKey(last).hex), let values = OutcomeBytes.values(of: kept.bytes)
        else { return nil }
        let now = BlockKey(of: block, inputs: [], digests: [:], in: document).ingredients
        func own(_ ingredients: [BlockKey.Ingredient]) -> [BlockKey.Ingredient] {
            ingredients.filter { [.command, .option, .parameter, .seed].contains($0.kind) }
        }
        return LastValues(values: values, areOfTheseOptions: own(last) == own(now))
    }
}
