import FlyingFox
import FlyingSocks
import Foundation
import JSON

/// The preview's web server, on this machine's loopback address only.
struct PreviewServer: Sendable {
    private let server: HTTPServer
    private let workspace: Workspace
    private let gate: RequestGuard

    /// - Parameters:
    ///   - port: 0 for any that is free.
    ///   - token: what a browser must know to be answered.
    init(port: UInt16, token: String, workspace: Workspace) throws {
        self.workspace = workspace
        gate = RequestGuard(token: token, cookie: "patchbook-\(Self.secret(bytes: 4))")
        server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: port), logger: .disabled)
    }

    /// Answers until the task is cancelled.
    /// - Parameter ready: receives the port.
    func run(ready: @escaping @Sendable (_ port: UInt16) async -> Void) async throws {
        await server.appendRoute("*") { request in try await answer(request) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask {
                try await server.waitUntilListening()
                if case .ip4(_, let port)? = await server.listeningAddress { await ready(port) }
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(10))
                    await workspace.repeatStates()
                }
            }
            try await group.waitForAll()
        }
    }

    private func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
        let token = request.query.first { $0.name == "token" }?.value
        let verdict = gate.verdict(
            on: RequestGuard.Request(
                host: request.headers[.host], origin: request.headers[HTTPHeader("Origin")],
                cookies: request.headers[.cookie], query: token,
                header: request.headers[HTTPHeader(RequestGuard.header)], writes: request.method != .GET))
        switch verdict {
        case .refused(let sentence): return text(.forbidden, sentence)
        case .welcome:
            return respond(
                .seeOther, "text/plain", "",
                [
                    .location: request.path,
                    .setCookie: "\(gate.cookie)=\(gate.token); Path=/; HttpOnly; SameSite=Strict",
                ])
        case .allowed: break
        }
        switch (request.method, request.path) {
        case (.GET, "/-/preview.js"): return respond(.ok, "text/javascript", Assets.script)
        case (.GET, "/-/preview.css"): return respond(.ok, "text/css", Assets.style)
        case (.GET, "/-/states"): return await states(request.query.first { $0.name == "page" }?.value ?? "")
        case (.POST, "/-/start"), (.POST, "/-/stop"): return try await act(request)
        case (.GET, Workspace.index):
            if let only = await workspace.only {
                let place = only.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? only
                return respond(.seeOther, "text/plain", "", [.location: place])
            }
            return await page(request.path)
        case (.GET, let path): return await page(path)
        default: return text(.methodNotAllowed, "the preview takes GET and POST only")
        }
    }

    private func page(_ path: String) async -> HTTPResponse {
        guard let page = await workspace.page(path) else {
            return text(.notFound, "there is no report '\(path)'; the preview shows reports only")
        }
        let isOne = await workspace.only != nil
        let served = ServedPage(
            page.html, nonce: Self.secret(bytes: 16),
            attributes: [
                ("token", gate.token), ("version", String(page.version)), ("index", isOne ? "" : Workspace.index),
            ])
        return respond(.ok, "text/html", served.html, [HTTPHeader("Content-Security-Policy"): served.policy])
    }

    private func states(_ address: String) async -> HTTPResponse {
        guard let states = await workspace.states(address) else { return text(.notFound, "no report is here") }
        return HTTPResponse(
            statusCode: .ok, headers: headers("text/event-stream", [:]),
            body: HTTPBodySequence(from: EventStream(states: states)))
    }

    private func act(_ request: HTTPRequest) async throws -> HTTPResponse {
        let body = try await request.bodyData
        guard body.count < 4096, let json = try? JSON.parse(Array(body)), let address = json["page"]?.string,
            let block = json["block"]?.string
        else { return text(.badRequest, "the request names no page and block") }
        let isDone =
            request.path == "/-/start"
            ? await workspace.start(address, block: block) : await workspace.stop(address, block: block)
        return isDone ? text(.ok, "") : text(.conflict, "block '\(block)' is not waiting or running")
    }

    // MARK: Responses

    private func text(_ status: HTTPStatusCode, _ sentence: String) -> HTTPResponse {
        respond(status, "text/plain", sentence.isEmpty ? "" : sentence + "\n")
    }

    private func respond(
        _ status: HTTPStatusCode, _ type: String, _ body: String, _ more: [HTTPHeader: String] = [:]
    ) -> HTTPResponse {
        let bytes = Data(body.utf8)
        // A page goes out in one piece.
        return HTTPResponse(
            statusCode: status, headers: headers(type, more),
            body: HTTPBodySequence(data: bytes, suggestedBufferSize: max(bytes.count, 1)))
    }

    private func headers(_ type: String, _ more: [HTTPHeader: String]) -> HTTPHeaders {
        HTTPHeaders(
            [
                .contentType: "\(type); charset=utf-8", .cacheControl: "no-store",
                HTTPHeader("X-Content-Type-Options"): "nosniff", HTTPHeader("Referrer-Policy"): "no-referrer",
                HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
            ].merging(more) { $1 })
    }

    /// Random bytes as hexadecimal digits, for tokens and nonces.
    static func secret(bytes: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef")
        return String((0..<2 * bytes).map { _ in digits[Int(generator.next(upperBound: UInt8(16)))] })
    }
}

/// States as server-sent events: each is a piece of its own and goes out at once.
private struct EventStream: AsyncBufferedSequence {
    typealias Element = UInt8
    let states: AsyncStream<String>

    func makeAsyncIterator() -> Iterator { Iterator(states: states.makeAsyncIterator()) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        var states: AsyncStream<String>.AsyncIterator
        private var left: ArraySlice<UInt8> = []

        init(states: AsyncStream<String>.AsyncIterator) { self.states = states }

        mutating func next() async -> UInt8? {
            if left.isEmpty { left = await nextBuffer(suggested: 0)?[...] ?? [] }
            return left.popFirst()
        }

        mutating func nextBuffer(suggested count: Int) async -> [UInt8]? {
            await states.next().map { Array("data: \($0)\n\n".utf8) }
        }
    }
}
