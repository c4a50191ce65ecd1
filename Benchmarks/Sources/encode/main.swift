import Foundation
import Tokenizers

/// Prints the seconds that a tokenizer takes to load, and then to encode a text, once for each round.
///
///     encode FOLDER|tokenizer.json TEXT ROUNDS

let arguments = CommandLine.arguments
guard arguments.count == 4, let rounds = Int(arguments[3]) else {
    FileHandle.standardError.write(Data("usage: encode FOLDER|tokenizer.json TEXT ROUNDS\n".utf8))
    exit(2)
}
let clock = ContinuousClock()
func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}
var start = clock.now
let tokenizer =
    arguments[1].hasSuffix(".json")
    ? try Tokenizer(json: [UInt8](Data(contentsOf: URL(filePath: arguments[1]))))
    : try Tokenizer(folder: arguments[1])
print(seconds(clock.now - start))
let text = String(decoding: try Data(contentsOf: URL(filePath: arguments[2])), as: UTF8.self)
for _ in 0..<rounds {
    start = clock.now
    do {
        let ids = try tokenizer.encode(text, addingSpecialTokens: false)
        print(seconds(clock.now - start), ids.count)
    } catch {
        FileHandle.standardError.write(Data("error: \(error)\n".utf8))
        exit(1)
    }
}
