import Notebooks

extension SpectrumCommand {
    /// What each value and column is.
    public static let meanings =
        Meaning.shared + [
            Meaning("participation_ratio", "(Σσ²)² / Σσ⁴: over how many directions the difference spreads"),
            Meaning("stable_rank", "Σσ² over the largest σ²"),
            Meaning("energy.50", "the fewest directions that hold 50 % of the energy"),
            Meaning("energy.90", "the fewest directions that hold 90 % of the energy"),
            Meaning("energy.99", "the fewest directions that hold 99 % of the energy"),
            Meaning("mean.share", "the share of the energy that lies along the mean difference"),
            Meaning("rows", "how many activations were compared"),
            Meaning("width", "how many numbers each of them has"),
            Meaning("layer", "the layer compared"),
            Meaning("site", "the site compared"),
            Meaning("positions", "the tokens compared"),
            Meaning(
                "replication.angle", "the angle between the first directions of two halves of the pairs",
                unit: "degrees"),
            Meaning(
                "replication.rank", "the largest rank at which no principal angle between the halves reaches 45 degrees"
            ),
            Meaning("angles.rank", "how many directions of each half are compared"),
            Meaning("angles.largest", "the largest principal angle between them", unit: "degrees"),
            Meaning("angles.mean", "the mean principal angle", unit: "degrees"),
            Meaning("directions.direction", "the direction's number, from 1"),
            Meaning("directions.basis", "whose direction it is"),
            Meaning("directions.index", "the place in the residual stream, from 0"),
            Meaning("directions.value", "the direction's entry there"),
            Meaning("values.component", "the component's number, from 1"),
            Meaning("values.value", "its singular value"),
            Meaning("values.energy", "its share of the energy"),
            Meaning("values.cumulative", "the share of the energy up to it"),
            Meaning("values.base_cumulative", "the same share for the base's own activations"),
        ]
}

extension SubspaceCommand {
    /// What each value and column is.
    public static let meanings =
        Meaning.shared + [
            Meaning("full.recovery", "recovery of the patch with every direction"),
            Meaning("full.effect", "effect of the patch with every direction", unit: "nats"),
            Meaning("first.recovery", "recovery of the first direction alone"),
            Meaning("first.energy", "share of the difference's energy along the first direction"),
            Meaning("rank.90", "the smallest rank that recovers 90 % of what the full patch does"),
            Meaning("random.recovery", "the largest recovery of random directions"),
            Meaning("removed.recovery", "recovery left when the directions are removed from the tuned model"),
            Meaning("removed.first.recovery", "recovery left when the first direction is removed"),
            Meaning("pairs", "how many pairs were patched"),
            Meaning("ranks.rank", "how many directions"),
            Meaning("ranks.basis", "which directions: the top of the difference, or a baseline's"),
            Meaning("ranks.direction", "base into tuned, or tuned into base"),
            Meaning("ranks.recovery", "the share of the gain that the patch brings back"),
            Meaning("ranks.energy", "the share of the difference's energy in these directions"),
            Meaning("ranks.effect", "the mean effect", unit: "nats"),
            Meaning("ranks.p", "p-value of no effect, by sign flips over prompts"),
            Meaning("ranks.equivalence", "p-value of an effect beyond the negligible margin"),
        ]
}
