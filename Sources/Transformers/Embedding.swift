import Numerics

/// How tokens enter: a row of a table for each, scaled, and in some families a row for its position.
///
/// Two embeddings are equal where they give every token the same numbers.
public struct Embedding: Sendable, Equatable {
    /// `[vocabulary, width]`
    public let tokens: Weight
    /// Learned positions, `[length, width]`; `nil` where positions enter elsewhere.
    let positions: Weight?
    /// Factor of the tokens' rows.
    let scale: Float

    /// An embedding.
    public init(_ tokens: Weight, positions: Weight? = nil, scale: Float = 1) {
        self.tokens = tokens
        self.positions = positions
        self.scale = scale
    }

    /// Writes the embedding of each row of a tree, `[rows, width]`.
    public func embed(_ tree: TokenTree, into target: UnsafeMutablePointer<Float>) {
        let width = tokens.inputs
        let table = Weight.Decoder(tokens)
        let places = positions.map { (decoder: Weight.Decoder($0), row: FloatBuffer(count: width)) }
        for (row, (token, position)) in zip(tree.tokens, tree.positions).enumerated() {
            let place = target + row * width
            table.decode(token..<token + 1, into: place)
            if scale != 1 { for index in 0..<width { place[index] *= scale } }
            if let places {
                places.decoder.decode(position..<position + 1, into: places.row.pointer)
                Kernels.add(places.row.pointer, to: place, count: width)
            }
        }
    }
}
