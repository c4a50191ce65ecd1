import Markdown
import Values

/// The default of an option that must name a block.
public enum RequiredReference: Sendable { case required }

/// The default of an option that takes the closest fitting block above; nil when there is none.
public enum NearestReference: Sendable { case nearest }

extension Option where Value == String {
    /// The id of a block above, of one of these commands.
    public static func block(
        _ name: String, of commands: [String], default fallback: RequiredReference = .required,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        Option(
            name, type: "the id of \(Surroundings.words(for: commands)) above", shape: .id, help: help,
            defaultText: nil,
            effect: effect, reference: .block(of: commands), normal: { id, _ in .scalar(.string(id)) },
            resolve: { (written, surroundings) throws(OptionMismatch) -> String in
                guard let written else { throw OptionMismatch("it is not given") }
                return try surroundings.reference(try id(written), of: commands).id
            })
    }

    /// A file or folder, relative to the notebook and inside its project; what stands there is the command's to say.
    /// - Parameter target: what must be there, for a check that runs nothing.
    ///
    /// The value is the path as written: ``Project/resolve(_:)`` makes a file path of it.
    public static func path(
        _ name: String, to target: PathTarget = .anything, effect: OptionDeclaration.Effect = .computational,
        help: String
    ) -> Option {
        Option(
            name, type: "a path", shape: .text, help: help, defaultText: nil, effect: effect, reference: nil,
            target: target, normal: { path, _ in OptionValue(path: path) },
            resolve: { (written, surroundings) throws(OptionMismatch) -> String in
                guard let written else { throw OptionMismatch("it is not given") }
                return try path(written, surroundings)
            }
        ).looking { path, _, project in
            project.problem(with: path, as: target).map { [ArgumentError(option: name, $0)] } ?? []
        }
    }

    @Sendable fileprivate static func id(_ value: YAMLValue) throws(OptionMismatch) -> String {
        guard let text = value.text, value.scalar != .null else {
            throw ScalarReading.kind(value, "an id")
        }
        return text
    }

    /// What was written as a path, after a look at where it leads.
    private static func path(_ value: YAMLValue, _ surroundings: Surroundings) throws(OptionMismatch) -> String {
        guard let text = value.text, value.scalar != .null else {
            throw ScalarReading.kind(value, "a path")
        }
        do {
            _ = try surroundings.project.resolve(text)
        } catch {
            if error.target == nil { throw OptionMismatch(error.description) }
            throw OptionMismatch(error.description, code: .outsideProject, isWholeSentence: true, help: error.help)
        }
        return text
    }
}

extension Option where Value == String? {
    /// The id of a block above of one of these commands: the closest when it is not given, nil when there is none.
    public static func block(
        _ name: String, of commands: [String], default fallback: NearestReference,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        Option(
            name, type: "the id of \(Surroundings.words(for: commands)) above", shape: .id, help: help,
            defaultText: "the closest above, if any", effect: effect, reference: .block(of: commands),
            normal: { id, _ in .scalar(id.map(Scalar.string) ?? .null) },
            resolve: { (written, surroundings) throws(OptionMismatch) -> String? in
                guard let written else { return surroundings.above.last { commands.contains($0.command) }?.id }
                return try surroundings.reference(try Option<String>.id(written), of: commands).id
            })
    }
}

extension Option where Value == TableReference {
    /// A table of a block above, as `id.table`.
    public static func table(
        _ name: String, effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        Option(
            name, type: "a table of a block above, as id.table", shape: .table, help: help, defaultText: nil,
            effect: effect,
            reference: .table, normal: { reference, _ in .scalar(.string("\(reference.block).\(reference.table)")) },
            resolve: { (written, surroundings) throws(OptionMismatch) -> TableReference in
                guard let written else { throw OptionMismatch("it is not given") }
                return try surroundings.table(try Option<String>.id(written))
            })
    }
}

extension Option where Value == YAMLValue {
    /// A structured value that the command reads itself.
    public static func yaml(
        _ name: String, type: String, effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        Option(
            name, type: type, help: help, effect: effect, normal: { OptionValue($0) },
            read: { (value) throws(OptionMismatch) -> YAMLValue in value })
    }
}
