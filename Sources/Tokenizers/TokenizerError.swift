import JSON

/// Why a tokenizer's definition cannot be used.
public enum TokenizerError: Error, Sendable, Equatable {
    /// The file is no JSON.
    case json(JSONError)
    /// A member that is needed is not there.
    case missing(place: String)
    /// A member holds another kind of value than it must.
    case wrongKind(place: String, expected: String, found: String)
    /// A member that this reader does not know, and that may change token ids.
    case unknownMember(place: String, known: [String])
    /// A value whose meaning is not built.
    case unsupported(place: String, found: String, supported: [String])
    /// A regular expression that Oniguruma refuses.
    case regularExpression(place: String, pattern: String, code: Int)
    /// An expression that was given up on a text, with Oniguruma's reason.
    case patternGaveUp(place: String, pattern: String, code: Int)
    /// A text of more bytes than a tokenizer reads at once.
    case textTooLong(bytes: Int, limit: Int)
    /// A file that cannot be read.
    case unreadable(path: String)
    /// Bytes that are not what they should be.
    case damaged(place: String, expected: String)
    /// Two files that say different things.
    case contradiction(first: String, second: String)
    /// What is wrong with a file, or with the files of a folder.
    indirect case file(String, TokenizerError)
    /// A token id below 0 or above 2³¹ − 1.
    case idOutOfRange(token: String, id: Int)
    /// Two tokens with one id.
    case sharedID(id: Int, first: String, second: String)
    /// Two tokens, or two added tokens, with the same bytes.
    case repeatedToken(place: String, token: String)
    /// A token that is named but not in the vocabulary.
    case tokenNotInVocabulary(place: String, token: String)
    /// A merge that is not two tokens with one space between them.
    case badMerge(place: String, merge: String)
    /// A text in which the white space that an added token takes along holds the next one and more.
    case addedTokenInside(token: String)
    /// An added token of which the normalizer leaves nothing.
    case emptiedToken(token: String)
    /// Two added tokens that the normalizer makes the same.
    case sameNormalForm(first: String, second: String)
    /// An added token whose id in the file is not the one that it gets after the model's vocabulary.
    case addedTokenID(token: String, written: Int, given: Int)
    /// Two lists that belong together differ in length.
    case lengths(first: String, count: Int, second: String, otherCount: Int)
    /// A beginning-of-sequence token is asked for, but none, or none of the vocabulary, is named.
    case beginning(id: Int?)
}

extension TokenizerError: CustomStringConvertible {
    /// The sentence for the reader.
    public var description: String {
        func shown(_ text: String) -> String {
            text.unicodeScalars.map {
                $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
            }
            .joined()
        }
        return switch self {
        case .json(let error): "tokenizer: \(error)"
        case .missing(let place): "\(place) is missing"
        case .wrongKind(let place, let expected, let found): "\(place) must be \(expected), not \(found)"
        case .unknownMember(let place, let known): "\(place) is not known; known: \(known.joined(separator: ", "))"
        case .unsupported(let place, let found, let supported):
            "\(place) '\(shown(found))' is not supported; supported: \(supported.joined(separator: ", "))"
        case .regularExpression(let place, let pattern, let code):
            "\(place) is not a regular expression that Oniguruma accepts (its error \(code)): \(pattern)"
        case .patternGaveUp(let place, let pattern, let code):
            "\(place) takes too many steps or too much memory on this text (Oniguruma's error \(code)): \(pattern)"
        case .textTooLong(let bytes, let limit):
            "the text has \(bytes) bytes; a tokenizer reads at most \(limit) at once"
        case .unreadable(let path): "\(path) cannot be read"
        case .damaged(let place, let expected): "\(place) is damaged; expected \(expected)"
        case .contradiction(let first, let second): "\(first), but \(second)"
        case .file(let path, let error): "\(path): \(error)"
        case .idOutOfRange(let token, let id):
            "token '\(shown(token))' has the id \(id), which is not in 0…\(Int32.max)"
        case .sharedID(let id, let first, let second):
            "tokens '\(shown(first))' and '\(shown(second))' share the id \(id)"
        case .repeatedToken(let place, let token): "\(place) holds the token '\(shown(token))' twice"
        case .tokenNotInVocabulary(let place, let token):
            "\(place) names the token '\(shown(token))', which is not in the vocabulary"
        case .badMerge(let place, let merge):
            "\(place) must be two tokens with one space between them, not '\(shown(merge))'"
        case .addedTokenInside(let token):
            "the added token '\(shown(token))' is inside the white space that the added token before it takes along; "
                + "Hugging Face's tokenizers cannot read such a text either"
        case .emptiedToken(let token):
            "added token '\(shown(token))' is 'normalized', and the normalizer leaves nothing of it"
        case .sameNormalForm(let first, let second):
            "added tokens '\(shown(first))' and '\(shown(second))' are 'normalized', and the normalizer makes them the same; Hugging "
                + "Face's tokenizers take either by chance"
        case .addedTokenID(let token, let written, let given):
            "added token '\(shown(token))' is written with the id \(written), but its place in the vocabulary gives it \(given)"
        case .lengths(let first, let count, let second, let otherCount):
            "\(first) has \(count) entries and \(second) has \(otherCount); they must be as many"
        case .beginning(let id):
            if let id {
                "the beginning-of-sequence token \(id) is not in the vocabulary"
            } else {
                "a beginning-of-sequence token is asked for, but none is named"
            }
        }
    }
}
