import JSON

extension CheckpointFiles {
    /// How many layers the `config.json` of a model says that it has, for checks that open no weights; nil where it does not say.
    public static func declaredLayers(of path: String) -> Int? {
        guard let files = try? CheckpointFiles(path: path), let configuration = files.configuration,
            let settings = try? MappedFile(path: configuration).json()
        else { return nil }
        let names = ["num_hidden_layers", "n_layer", "num_layers"]
        return names.lazy.compactMap { settings[$0]?.int ?? settings["text_config"]?[$0]?.int }.first
    }
}
