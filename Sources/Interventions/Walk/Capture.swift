import Transformers

/// Which activations of the clean runs a walk returns.
public struct Capture: Sendable, Hashable {
    /// Which activation.
    public let site: Site
    /// In which blocks; for `embed` and `final_norm` the layer is not asked.
    public let layers: [Int]
    /// At which tokens; a pair that has none of them is handed out with no rows.
    public let positions: Positions

    /// Activations of one site at some layers.
    public init(site: Site, layers: [Int], positions: Positions) {
        self.site = site
        self.layers = layers
        self.positions = positions
    }
}

/// The activations of one pair at one site and layer, of both models' clean runs.
public struct Reading: Sendable {
    /// The place of the capture in the list that was asked for.
    public let capture: Int
    /// The block, counted from 0.
    public let layer: Int
    /// The place of the pair in the list that was walked.
    public let pair: Int
    /// What stands at each row: its position in its own sequence, and its response.
    public let rows: [Row]
    /// Numbers a row.
    public let width: Int
    /// The base model's, `[rows, width]`.
    public let base: [Float]
    /// The tuned model's, `[rows, width]`.
    public let tuned: [Float]

    /// Where a row stands.
    public struct Row: Sendable, Equatable {
        /// Counted from 0 at the prompt's first token.
        public let position: Int
        /// `true` for the chosen response, `false` for the rejected one, `nil` for the prompt.
        public let isChosen: Bool?
        /// The token there.
        public let token: Int
        /// The token that this row predicts; two for the prompt's last row, none for a response's last.
        public let next: [Int]
    }

    /// The same reading with pairs counted from elsewhere.
    func shifted(by pairs: Int) -> Reading {
        Reading(
            capture: capture, layer: layer, pair: pair + pairs, rows: rows, width: width, base: base, tuned: tuned)
    }

    /// One model's activations.
    public subscript(source: Source) -> [Float] { source == .base ? base : tuned }
}
