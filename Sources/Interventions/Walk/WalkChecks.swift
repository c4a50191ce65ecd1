import Transformers

/// What a walk refuses before it runs.
extension Walk {
    func check(_ routes: [Route], _ pairs: [PackedPair], allowsEmpty: Bool = false) throws(PatchError) {
        for route in routes {
            guard route.blocks.count == models.layers else {
                throw .wrongDepth(route.blocks.count, layers: models.layers)
            }
            for edit in route.edits { try check(edit, of: route) }
        }
        let maximum = min(models.base.shape.maximumLength, models.tuned.shape.maximumLength)
        let vocabulary = models.base.shape.vocabulary
        let edits = routes.flatMap(\.edits)
        let positions = Set(edits.map(\.positions)).sorted { $0.name < $1.name }
        let texts = edits.compactMap(\.change.text)
        precondition(!texts.contains([]), "a donor's text without a token")
        for pair in pairs + Set(texts).sorted(by: { $0.lexicographicallyPrecedes($1) }).map({ PackedPair.text($0) }) {
            if pair.tree.depth > maximum { throw .tooLong(pair: pair.id, tokens: pair.tree.depth, maximum: maximum) }
            if let token = pair.tree.tokens.first(where: { !(0..<vocabulary).contains($0) }) {
                throw .unknownToken(token, pair: pair.id, vocabulary: vocabulary)
            }
            for positions in positions where !allowsEmpty && !pair.isText && positions.rows(of: pair.tree).isEmpty {
                throw .emptySelection(positions, pair: pair.id)
            }
        }
        let needsOther = edits.contains { $0.change.donor?.sequence == .otherPair }
        if needsOther, pairs.count == 1 { throw .noOtherPair }
    }

    /// An edit must name a site, a layer and heads that there are, and numbers that fit them.
    private func check(_ edit: Edit, of route: Route) throws(PatchError) {
        try checkPlace(edit.site, edit.layer)
        let recipient: Source =
            switch edit.site {
            case .embedding: route.embedding
            case .finalNorm: route.head
            default: route.blocks[edit.layer]
            }
        let shape = try shape(of: edit.site, edit.layer, recipient)
        for donor in edit.change.reads {
            let other = try self.shape(of: edit.site, edit.layer, donor)
            guard other == shape else {
                throw .mismatch(.site(edit.site), base: shape.width, tuned: other.width)
            }
        }
        if let heads = edit.heads {
            guard !heads.isEmpty else { throw .noHead(site: edit.site) }
            if let head = heads.first(where: { !(0..<shape.heads).contains($0) }) {
                throw .noSuchHead(head, site: edit.site, heads: shape.heads)
            }
        }
        let width = edit.heads.map { $0.count * shape.headWidth } ?? shape.width
        if let given = edit.change.givenWidth, given != width {
            throw .wrongWidth(given, site: edit.site, width: width)
        }
    }

    /// A capture must name a site and layers that there are.
    func check(_ capture: Capture) throws(PatchError) {
        if capture.site != .embedding, capture.site != .finalNorm {
            for layer in capture.layers {
                try checkPlace(capture.site, layer)
                for source in Source.allCases { _ = try shape(of: capture.site, layer, source) }
            }
        }
    }

    private func checkPlace(_ site: Site, _ layer: Int) throws(PatchError) {
        guard (0..<models.layers).contains(layer) else { throw .noSuchLayer(layer, layers: models.layers) }
        let only: Int? =
            switch site {
            case .embedding: 0
            case .finalNorm: models.layers - 1
            default: nil
            }
        if let only, layer != only { throw .onlyAt(layer: only, site: site, found: layer) }
    }

    private func shape(of site: Site, _ layer: Int, _ source: Source) throws(PatchError) -> SiteShape {
        guard let shape = models[source].shape(of: site, layer: layer) else {
            throw .noSuchSite(site, layer: layer, family: models[source].family)
        }
        return shape
    }
}
