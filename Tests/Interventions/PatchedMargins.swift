import JSON

/// Log-probabilities of one pair as `scripts/reference/hooks.py` gives them.
struct PatchedMargins: Sendable {
    /// One response each.
    struct Both: Sendable {
        /// Σ log p of the chosen response, in nats.
        let chosen: Double
        /// Σ log p of the rejected response, in nats.
        let rejected: Double

        /// log p(chosen) − log p(rejected), in nats.
        var margin: Double { chosen - rejected }

        init?(_ json: JSON?) {
            guard let values = json?.array?.compactMap(\.number), values.count == 2 else { return nil }
            (chosen, rejected) = (values[0], values[1])
        }
    }

    /// The clean runs.
    let base, tuned: Both
    /// The base patched with the tuned model's states, and the other way round, a layer each.
    let tunedToBase, baseToTuned: [Both]

    /// `nil` where the JSON has another shape.
    init?(_ json: JSON) {
        func layers(_ key: String) -> [Both] { json[key]?.array?.compactMap { Both($0) } ?? [] }
        guard let base = Both(json["base"]), let tuned = Both(json["tuned"]) else { return nil }
        (self.base, self.tuned) = (base, tuned)
        (tunedToBase, baseToTuned) = (layers("tuned_to_base"), layers("base_to_tuned"))
    }
}
