import Markdown
import Values

/// What a parameter stands for: one value, or a list of them.
public enum ParameterContent: Sendable, Equatable {
    case one(Scalar)
    case list([Scalar])

    /// The one value, or those of the list.
    var scalars: [Scalar] {
        switch self {
        case .one(let scalar): [scalar]
        case .list(let scalars): scalars
        }
    }

    /// The value as a page shows it; a list with commas between its values.
    var shown: Scalar {
        switch self {
        case .one(let scalar): scalar
        case .list(let scalars): .string(scalars.map(\.plainText).joined(separator: ", "))
        }
    }

    /// What stands for `$name` at a place.
    func value(at location: SourceLocation) -> YAMLValue {
        func value(_ scalar: Scalar) -> YAMLValue {
            let isText = if case .string = scalar { true } else { false }
            return YAMLValue(.scalar(scalar.plainText, isPlain: !isText), at: location)
        }
        switch self {
        case .one(let scalar): return value(scalar)
        case .list(let scalars): return YAMLValue(.sequence(scalars.map(value)), at: location)
        }
    }
}

/// A parameter with the value that this evaluation uses.
struct ParameterValue: Sendable {
    let name: String
    /// The value as it is shown and kept; a path of the command line by its last part.
    let shown: Scalar
    /// What stands for `$name`.
    let content: ParameterContent

    init(name: String, content: ParameterContent, shown: Scalar? = nil) {
        self.name = name
        self.content = content
        self.shown = shown ?? content.shown
    }
}

extension [Parameter] {
    /// Every parameter with its value: the command line's, or the default.
    /// - Parameters:
    ///   - overrides: names and texts of `-P`, then those of a sweep; a path among them is relative to `folder`.
    ///   - swept: the parameters of the sweep.
    ///   - project: gains the paths of the command line, which may lie anywhere.
    func values(
        _ overrides: [(String, String)], swept: [String], folder: String, project: inout Project, log: inout ProblemLog
    ) -> [ParameterValue] {
        var given: [String: String] = [:]
        for (name, text) in overrides {
            if !contains(where: { $0.name == name }) {
                log.add(
                    .unknownParameter, at: nil, "-P \(name): the notebook has no parameter '\(name)'",
                    replacements: Suggestion.closest(to: name, among: map(\.name)),
                    help: Surroundings.list("its parameters are", map(\.name)))
            } else if given.updateValue(text, forKey: name) != nil {
                log.add(
                    .badParameter, at: nil,
                    swept.contains(name) ? "'\(name)' is given by -P and by the sweep" : "-P \(name) is given twice")
            }
        }
        return compactMap { parameter in
            guard let text = given[parameter.name] else {
                if let fallback = parameter.fallback {
                    return ParameterValue(name: parameter.name, content: fallback)
                }
                log.add(
                    .badParameter, at: parameter.location,
                    "parameter '\(parameter.name)' has no default and needs -P \(parameter.name)=…: \(parameter.type)")
                return nil
            }
            let value = parameter.value(ofText: text)
            if let problem = value.map({ parameter.problem(with: $0) }) ?? Parameter.unfit {
                log.add(
                    .badParameter, at: parameter.location,
                    "parameter '\(parameter.name)' takes "
                        + parameter.expectation(
                            (swept.contains(parameter.name) ? "the sweep's " : "-P ")
                                + "\(parameter.name)=\(text.shortened)", problem)
                )
                return nil
            }
            guard let value else { return nil }
            guard parameter.kind == .path || parameter.element == .path else {
                return ParameterValue(name: parameter.name, content: value)
            }
            return Self.path(parameter, value, folder: folder, project: &project)
        }
    }

    /// A path of the command line, or a list of them: relative to its folder, and allowed wherever it lies. What is on the Hub
    /// keeps its name.
    private static func path(
        _ parameter: Parameter, _ value: ParameterContent, folder: String, project: inout Project
    ) -> ParameterValue {
        let paths = value.scalars.map(\.plainText).map { Project.isOnHub($0) ? $0 : Project.absolute($0, in: folder) }
        for path in paths where !Project.isOnHub(path) { project = project.allowing(path) }
        let shown = paths.map { OptionValue.portable($0) }.joined(separator: ", ")
        let content: ParameterContent =
            parameter.element == nil ? .one(.string(paths.first ?? "")) : .list(paths.map { .string($0) })
        return ParameterValue(name: parameter.name, content: content, shown: .string(shown))
    }
}
