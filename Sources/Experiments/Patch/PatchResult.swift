import Interventions

/// A sweep with everything that is said of it.
public struct PatchResult: Sendable {
    /// What was measured, with statistics.
    public let effects: PatchEffects
    /// The choices that the fit pairs make, and what the confirm pairs say of them.
    public let summary: PatchSummary
    /// How few layers carry the effect; nil where each layer has no one number of its own, or all of them sum to nothing.
    public let concentration: LayerConcentration?
    /// How few layers are enough together; nil where no sets were asked for, or they say nothing.
    public let sets: LayerSets?
    /// The number of each pair that was patched, among all pairs given.
    public let numbers: [Int]
    /// Where adding pairs stopped; nil where all were used.
    public let stop: Stop?
    /// How many of them have responses of about the same length.
    public let likeLengths: Int

    /// Runs a sweep.
    /// - Throws: ``ExperimentError``, `PatchError`, and what keeps parts from being kept.
    public init(
        _ request: PatchRequest, _ models: ModelPair, _ pairs: [PackedPair], halves given: Halves,
        in context: some RunContext
    ) throws {
        var halves = given
        var (fitting, judged) = (pairs, pairs)
        var numbers = request.rank == nil ? Array(pairs.indices) : given.confirm
        if request.rank != nil {
            // Directions are chosen on the fit pairs, and no pair that chose them is patched.
            fitting = pairs.at(given.fit)
            judged = pairs.at(given.confirm)
            halves = Halves(all: judged.count, areApart: given.areApart)
        }
        var run = PatchRun(request: request, models: models, pairs: judged, fitting: fitting, context: context)
        let sequence = request.until?.sequence(over: judged.map(\.cluster))
        let measures: PatchMeasures
        if let rule = request.until, let sequence {
            let found = try run.measures(until: rule, sequence)
            (measures, stop) = (found.measures, found.stop)
            judged = Array(judged.prefix(found.pairs))
            numbers = Array(numbers.prefix(found.pairs))
            halves = halves.prefix(found.pairs)
            run = run.over(judged)
        } else {
            stop = nil
            do { measures = try run.measures() } catch var left as WorkLeft {
                // Which sets of layers run is chosen by what the sweep finds.
                if request.sets > 0 {
                    left.roundsAfter += 1
                    left.isWhole = false
                }
                throw left
            }
        }
        self.numbers = numbers
        let matched = run.likeLengths
        likeLengths = matched.count
        effects = PatchEffects(
            measures, halves: halves, clusters: judged.map(\.cluster), excess: judged.map(\.excess), matched: matched,
            negligible: request.negligible, seed: context.seed, sequence: sequence)
        let norms = models.layerNorms(threads: context.threads)
        summary = PatchSummary(effects)
        concentration = LayerConcentration(effects, norms: norms)
        sets = request.sets > 0 ? try LayerSets(run, effects, norms: norms) : nil
    }
}
