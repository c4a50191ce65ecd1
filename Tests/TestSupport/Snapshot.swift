import Foundation

/// Texts that must stay as they are, byte for byte.
public enum Snapshot {
    /// What is wrong with a text; nil when it is what its snapshot holds.
    ///
    /// A text that differs is written beside its snapshot, with `.new` after the name; the first text there is becomes the snapshot.
    /// - Parameter name: the snapshot's path under `Tests/Fixtures`.
    public static func problem(_ text: String, _ name: String) throws -> String? {
        let file = URL(fileURLWithPath: Fixtures.path(name))
        guard FileManager.default.fileExists(atPath: file.path) else {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return "wrote the missing snapshot \(name); look at it, then run again"
        }
        let expected = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        let new = file.appendingPathExtension("new")
        guard !text.utf8.elementsEqual(expected.utf8) else {
            try? FileManager.default.removeItem(at: new)
            return nil
        }
        try Data(text.utf8).write(to: new)
        return "\(name) differs; the new text is in \(new.lastPathComponent):\n\(difference(expected, text))"
    }

    /// The lines that only one of two texts has, in order, `-` for the first and `+` for the second; the first twenty of them.
    static func difference(_ old: String, _ new: String) -> String {
        let (old, new) = (old.split(separator: "\n"), new.split(separator: "\n"))
        let changes = new.difference(from: old).sorted { offset($0) < offset($1) }
        let lines = changes.prefix(20).map { change in
            switch change {
            case .remove(let line, let text, _): "\(line + 1) - \(text)"
            case .insert(let line, let text, _): "\(line + 1) + \(text)"
            }
        }
        return (lines + (changes.count > 20 ? ["and \(changes.count - 20) more lines"] : [])).joined(separator: "\n")
    }

    private static func offset(_ change: CollectionDifference<Substring>.Change) -> Int {
        switch change {
        case .remove(let line, _, _), .insert(let line, _, _): line
        }
    }
}
