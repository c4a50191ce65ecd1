import Notebooks

extension Catalogue {
    /// Every command that Patchbook ships.
    public static var standard: Catalogue {
        Catalogue([
            ModelsCommand.self, PairsCommand.self, ScoreCommand.self, PatchCommand.self, ChartCommand.self,
            TableCommand.self, ExpectCommand.self,
        ])
    }
}
