import JSON

/// Why a request has no result.
struct ResponseError: Error {
    /// The numbers of JSON-RPC and of the Language Server Protocol.
    enum Code: Int {
        case parseError = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParams = -32602
        case serverNotInitialized = -32002
        case requestFailed = -32803
        case requestCancelled = -32800
    }

    let code: Code
    /// One sentence without a full stop.
    let sentence: String

    init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    var json: JSON { .members(["code": .int(code.rawValue), "message": .string(sentence)]) }
}
