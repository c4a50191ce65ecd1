/// A model whose tuned layers are known.
public struct PlantedModel: Sendable, Equatable {
    /// Which model: a way of planting, and the seed of one training.
    public struct ID: Sendable, Hashable {
        /// The way of planting.
        public let planting: String
        /// The training's seed.
        public let seed: Int

        /// The ways of planting of some models, in the order of their first.
        public static func plantings(_ models: [ID]) -> [String] {
            var names: [String] = []
            for model in models where !names.contains(model.planting) { names.append(model.planting) }
            return names
        }

        /// A model by its way of planting and its seed.
        public init(_ planting: String, seed: Int) {
            self.planting = planting
            self.seed = seed
        }
    }

    /// Which model.
    public let id: ID
    /// How many layers it has.
    public let layers: Int
    /// The layers that a localiser should find, rising.
    public let planted: [Int]
    /// The layers whose weights are not the base's, rising; the planted ones are among them.
    public let changed: [Int]

    /// A model out of its parts.
    public init(id: ID, layers: Int, planted: [Int], changed: [Int]) {
        precondition(Set(planted).isSubset(of: changed), "planted layers \(planted) of the changed \(changed)")
        precondition(changed.allSatisfy { (0..<layers).contains($0) }, "layers \(changed) of \(layers)")
        self.id = id
        self.layers = layers
        self.planted = planted
        self.changed = changed
    }
}

/// One localiser's score for one layer of one model.
public struct LayerScore: Sendable, Equatable {
    /// Where it was read: the file, and the row in it from 1.
    public struct Source: Sendable, Equatable {
        /// The file.
        public let file: String
        /// The row, from 1.
        public let row: Int

        /// A row of a file.
        public init(_ file: String, row: Int) {
            self.file = file
            self.row = row
        }
    }

    /// Where it was read.
    public let source: Source
    /// Which model.
    public let model: PlantedModel.ID
    /// The localiser's name.
    public let localiser: String
    /// The layer, from 0.
    public let layer: Int
    /// How strongly it points at the layer, by its size.
    public let score: Double
    /// The p-value of no effect of the layer, corrected over the model's layers; nil where the localiser has no test.
    public let p: Double?

    /// A score out of its parts.
    public init(
        source: Source, model: PlantedModel.ID, localiser: String, layer: Int, score: Double, p: Double?
    ) {
        self.source = source
        self.model = model
        self.localiser = localiser
        self.layer = layer
        self.score = score
        self.p = p
    }
}
