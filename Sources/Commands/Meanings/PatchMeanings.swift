import Notebooks

extension PatchCommand {
    /// What each value and column is. The metric's unit is nats, unless `metric` says another.
    public static let meanings =
        Meaning.shared + values + columns + [
            Meaning("*.effect", "the control's largest mean effect", unit: "units of the metric"),
            Meaning("*.recovery", "that effect as a share of the gain"),
        ]

    private static let values = [
        Meaning("base.margin.mean", "the base's mean metric", unit: "units of the metric"),
        Meaning("tuned.margin.mean", "the tuned model's mean metric", unit: "units of the metric"),
        Meaning("gain.mean", "tuned less base", unit: "units of the metric"),
        Meaning("pairs.fit", "pairs on which the peak is chosen"),
        Meaning("pairs.confirm", "pairs on which it is judged"),
        Meaning("peak.layer", "the layer whose patch has the largest effect on the fit pairs"),
        Meaning("peak.head", "its attention head, when heads are patched one by one"),
        Meaning("peak.positions", "its positions"),
        Meaning("peak.direction", "its direction: whose activation goes into which model"),
        Meaning("peak.effect", "the mean effect at the peak, on the confirm pairs", unit: "units of the metric"),
        Meaning("peak.recovery", "that effect as a share of the gain"),
        Meaning("step.layer", "the layer that itself adds most, chosen on the fit pairs"),
        Meaning("step.increment", "what it adds, on the confirm pairs", unit: "units of the metric"),
        Meaning("step.share", "that increment as a share of the gain"),
        Meaning("carriers.layers", "layers whose increments differ from zero at 5 %, corrected for all layers"),
        Meaning("carriers.count", "how many they are"),
        Meaning("carriers.first", "the first of them"),
        Meaning("carriers.last", "the last of them"),
        Meaning(
            "nothing.layers", "layers whose increments are negligible: shown to lie within ± `nothing.margin` at 5 %"),
        Meaning("nothing.count", "how many they are"),
        Meaning("nothing.margin", "the margin within which an increment is negligible", unit: "units of the metric"),
        Meaning(
            "increment.embedding", "what the donor's embedding adds before the first layer", unit: "units of the metric"
        ),
        Meaning(
            "increment.head", "what the donor's last norm and head add after the last layer",
            unit: "units of the metric"),
        Meaning(
            "interaction.largest", "the largest m(T) + m(B) − C(l) − N(l) over layers", unit: "units of the metric"),
        Meaning("interaction.layer", "the layer where it is largest"),
        Meaning("interaction.share", "that interaction as a share of the gain"),
        Meaning(
            "concentration.participation", "(Σ|φ|)² / (L Σφ²): 1 when all layers add the same, 1/L when one adds all"),
        Meaning("concentration.layers", "the fewest layers that reach 90 % of the sum of increments"),
        Meaning("concentration.random", "how many layers in random order reach it"),
        Meaning("concentration.norm", "how many layers in the order of ‖ΔW‖ reach it"),
        Meaning("concentration.third.layers", "how many layers a third of them are"),
        Meaning("concentration.third.share", "what the strongest third carries, as a share of the sum"),
        Meaning("concentration.third.random", "what a random third carries, on average"),
    ]

    private static let columns = [
        Meaning("concentration.count", "how many layers, in the order of their increments on the fit pairs"),
        Meaning("concentration.layer", "the layer that joins"),
        Meaning("concentration.share", "what they carry together, on the confirm pairs, as a share of the sum"),
        Meaning("concentration.random_lower", "the 2.5th percentile of random orders"),
        Meaning("concentration.random_upper", "the 97.5th percentile of random orders"),
        Meaning("concentration.share_by_norm", "what as many layers carry in the order of ‖ΔW‖"),
        Meaning("*.direction", "whose activation goes into which model"),
        Meaning("*.control", "`none` for the patch itself, else the control"),
        Meaning("*.positions", "the positions patched"),
        Meaning("*.head", "the attention head, from 0; nothing when heads are patched together"),
        Meaning("layers.effect", "the mean of patched less unpatched", unit: "units of the metric"),
        Meaning("layers.band_lower", "the lower end of the simultaneous 95 % band over all layers"),
        Meaning("layers.band_upper", "the upper end of the simultaneous 95 % band over all layers"),
        Meaning("layers.recovery", "the effect as a share of the gain"),
        Meaning("*.recovery_lower", "the lower end of the recovery's interval"),
        Meaning("*.recovery_upper", "the upper end of the recovery's interval"),
        Meaning(
            "layers.increment", "what the layer itself adds: its effect less that of the layer before",
            unit: "units of the metric"),
        Meaning("layers.increment_lower", "the lower end of the increment's interval"),
        Meaning("layers.increment_upper", "the upper end of the increment's interval"),
        Meaning("layers.increment_p", "p-value of no increment, corrected over all layers (max-T)"),
        Meaning("layers.interaction", "m(T) + m(B) − C(l) − N(l)", unit: "units of the metric"),
        Meaning("layers.interaction_share", "the interaction as a share of the gain"),
        Meaning("layers.p", "p-value of no effect, corrected over all layers (max-T)"),
        Meaning("layers.q", "Benjamini–Hochberg's q"),
        Meaning("layers.equivalence", "p-value of an effect beyond the negligible margin"),
        Meaning("layers.detectable", "the smallest effect that these pairs would detect with 80 % power"),
        Meaning("layers.increment_equivalence", "p-value of an increment beyond the negligible margin"),
        Meaning("layers.increment_detectable", "the smallest increment that these pairs would detect with 80 % power"),
        Meaning("layers.chosen", "the mean change of log p(chosen)", unit: "nats"),
        Meaning("layers.rejected", "the mean change of log p(rejected)", unit: "nats"),
        Meaning("layers.order_error", "the standard error that sampled orders bring, for Shapley shares"),
        Meaning("pairs.margin", "the pair's metric under the patch", unit: "units of the metric"),
        Meaning("pairs.effect", "patched less unpatched", unit: "units of the metric"),
        Meaning("sets.count", "how many layers run together"),
    ]
}
