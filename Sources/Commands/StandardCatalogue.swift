import Notebooks
import Numerics

extension Catalogue {
    /// Every command that Patchbook ships.
    public static var standard: Catalogue {
        Catalogue(
            [
                ModelsCommand.self, PairsCommand.self, ScoreCommand.self, PatchCommand.self, DistancesCommand.self,
                LassoCommand.self, CompareCommand.self, SpectrumCommand.self, SubspaceCommand.self, ProbeCommand.self,
                TokensCommand.self, DivergenceCommand.self, DoseCommand.self, LineageCommand.self,
                RecordsCommand.self, LocalisersCommand.self,
                GenerateCommand.self, LogitLensCommand.self, ChartCommand.self,
                TableCommand.self, ExpectCommand.self,
            ], arithmetic: Products.library)
    }
}
