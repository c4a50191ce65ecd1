import Notebooks

extension ScoreCommand {
    /// What each value and column is.
    public static let meanings =
        Meaning.shared + [
            Meaning("base.margin.mean", "the base's mean margin: log p(chosen) − log p(rejected)", unit: "nats"),
            Meaning("tuned.margin.mean", "the tuned model's mean margin", unit: "nats"),
            Meaning("gain.mean", "the mean gain: tuned margin less base margin", unit: "nats"),
            Meaning("gain.chosen.mean", "how much tuning raised log p(chosen), on average", unit: "nats"),
            Meaning("gain.rejected.mean", "how much tuning raised log p(rejected), on average", unit: "nats"),
            Meaning("base.accuracy", "share of pairs whose chosen response the base finds likelier"),
            Meaning("tuned.accuracy", "share of pairs whose chosen response the tuned model finds likelier"),
            Meaning("gain.accuracy", "share of pairs whose margin tuning raised"),
            Meaning("gain.rejected_longer.mean", "the mean gain where the rejected response is longer", unit: "nats"),
            Meaning("gain.chosen_longer.mean", "the mean gain where the chosen response is longer", unit: "nats"),
            Meaning("gain.equal_length.mean", "the gain at equal length, by least squares", unit: "nats"),
            Meaning("pairs.base_margin", "the base's margin", unit: "nats"),
            Meaning("pairs.tuned_margin", "the tuned model's margin", unit: "nats"),
            Meaning("pairs.gain", "tuned margin less base margin", unit: "nats"),
            Meaning("pairs.base_chosen", "log p(chosen) under the base", unit: "nats"),
            Meaning("pairs.base_rejected", "log p(rejected) under the base", unit: "nats"),
            Meaning("pairs.tuned_chosen", "log p(chosen) under the tuned model", unit: "nats"),
            Meaning("pairs.tuned_rejected", "log p(rejected) under the tuned model", unit: "nats"),
        ]
}

extension DistancesCommand {
    /// What each value and column is.
    public static let meanings =
        Meaning.shared + [
            Meaning("largest.layer", "the layer with the largest mean distance"),
            Meaning("largest.distance", "its mean distance"),
            Meaning("layers.distance", "the mean distance between the two models' activations"),
            Meaning("pairs.distance", "the pair's distance between the two models' activations"),
        ]
}

extension CompareCommand {
    /// What each value and column is.
    public static let meanings =
        Meaning.shared + [
            Meaning("count", "how many pairs both blocks have"),
            Meaning("first.mean", "the mean in the first block, or the share above 0"),
            Meaning("second.mean", "the same in the second block"),
            Meaning("difference.mean", "second less first, pair by pair"),
            Meaning("correlation", "Pearson's correlation of the two over pairs"),
            Meaning("groups.group", "the value of the column `each`"),
            Meaning("groups.count", "how many pairs"),
            Meaning("*.first", "the value in the first block; in `groups` the mean"),
            Meaning("*.second", "the value in the second block; in `groups` the mean"),
            Meaning("*.difference", "second less first; in `groups` the mean"),
            Meaning("pairs.group", "the value of the column `each`"),
            Meaning("pairs.row", "the row in the file, from 1"),
        ]
}

extension LassoCommand {
    /// What each value and column is.
    public static let meanings =
        Meaning.shared + [
            Meaning("alpha", "the penalty used: the one with the least cross-validated error, unless one is given"),
            Meaning("alpha_1se", "the largest penalty within one standard error of the least error"),
            Meaning("r2", "R² of the fit on its own pairs"),
            Meaning("r2.nested", "R² by nested cross-validation, the penalty chosen inside"),
            Meaning("r2.confirm", "R² on the confirm pairs"),
            Meaning("support", "how many coefficients are not zero"),
            Meaning("support.layers", "the layers among them"),
            Meaning("support.1se", "how many are not zero at `alpha_1se`"),
            Meaning("support.1se.layers", "the layers among those"),
            Meaning("permuted.support", "mean support when gains are permuted"),
            Meaning("permuted.upper", "the 95th percentile of the support when gains are permuted"),
            Meaning("permuted.p", "the share of permutations with at least the support found"),
            Meaning("stable.layers", "layers selected in at least the stable share of half samples"),
            Meaning("stable.count", "how many they are"),
            Meaning("inflation.largest", "the largest variance inflation factor: how nearly one column others are"),
            Meaning("ridge.r2", "R² of ridge regression by cross-validation"),
            Meaning("elastic_net.r2", "R² of the elastic net by cross-validation"),
            Meaning("elastic_net.support", "how many coefficients of the elastic net are not zero"),
            Meaning("length.r2", "R² of the lengths alone"),
            Meaning("length.support", "the support with lengths as covariates"),
            Meaning("length.kept", "how many layers stay selected with lengths as covariates"),
            Meaning("*.term", "the regressor: a layer's distance or a covariate"),
            Meaning("coefficients.coefficient", "its coefficient", unit: "nats per unit of distance"),
            Meaning("*.standardized", "its coefficient per standard deviation", unit: "nats"),
            Meaning("coefficients.coefficient_1se", "its coefficient at `alpha_1se`"),
            Meaning("coefficients.ridge", "its coefficient in ridge regression, standardized"),
            Meaning("coefficients.elastic_net", "its coefficient in the elastic net, standardized"),
            Meaning("*.frequency", "the share of half samples that select it"),
            Meaning("coefficients.inflation", "its variance inflation factor"),
            Meaning("*.alpha", "the penalty"),
            Meaning("errors.error", "the mean squared error by cross-validation"),
            Meaning("errors.standard_error", "its standard error over folds"),
            Meaning("*.support", "how many coefficients are not zero"),
            Meaning("permuted.count", "how many permutations had this support"),
        ]
}
