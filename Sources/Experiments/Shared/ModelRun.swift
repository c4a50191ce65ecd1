import Interventions

/// One run: a route through a pair of models.
public struct ModelRun: Sendable {
    /// The models that it goes through; the first is the base of the experiment.
    public let models: ModelPair
    /// Its route.
    public let route: Route

    /// A run of its parts.
    public init(_ models: ModelPair, _ route: Route) {
        self.models = models
        self.route = route
    }
}
