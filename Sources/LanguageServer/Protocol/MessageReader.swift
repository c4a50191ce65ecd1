import JSON

/// Takes messages out of a stream of bytes: a header with `Content-Length`, an empty line, then that many bytes of JSON.
///
/// After bytes of no message it continues with the next header that it can find.
package struct MessageReader {
    /// The largest message in bytes; the text of a notebook has at most 2 MiB.
    private static let most = 64 << 20
    private static let mostHeader = 4096

    private var bytes: [UInt8] = []

    package init() {}

    /// What a stream holds.
    package enum Piece: Equatable {
        case message(JSON)
        /// Bytes that are no message, with the reason as a clause.
        case malformed(String)
    }

    /// Takes more bytes, and gives what is whole now.
    package mutating func pieces(_ more: some Sequence<UInt8>) -> [Piece] {
        bytes += more
        var found: [Piece] = []
        while let end = headerEnd {
            let header = Self.header(bytes[..<end])
            if header.isOdd { found.append(.malformed("the header is not one of lines such as 'Content-Length: 120'")) }
            guard let length = header.length, length <= Self.most else {
                if !header.isOdd {
                    found.append(.malformed("the header has no 'Content-Length' from 0 to \(Self.most)"))
                }
                bytes.removeFirst(end + 4)
                continue
            }
            guard bytes.count >= end + 4 + length else {
                // What came before the header is reported once.
                if header.isOdd { bytes.replaceSubrange(..<end, with: Self.line(length)) }
                return found
            }
            do {
                found.append(.message(try JSON.parse(Array(bytes[end + 4..<end + 4 + length]))))
            } catch {
                found.append(.malformed("the message is not JSON: \(error)"))
            }
            bytes.removeFirst(end + 4 + length)
        }
        if bytes.count > Self.mostHeader {
            found.append(.malformed("no header ends within \(Self.mostHeader) bytes"))
            bytes.removeFirst(bytes.count - Self.mostHeader / 2)
        }
        return found
    }

    /// The offset of the empty line that ends a header.
    private var headerEnd: Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= mark.count else { return nil }
        return (0...min(bytes.count - mark.count, Self.mostHeader)).first {
            bytes[$0] == mark[0] && bytes[$0..<$0 + mark.count].elementsEqual(mark)
        }
    }

    private static func line(_ length: Int) -> [UInt8] { Array("Content-Length: \(length)".utf8) }

    /// The length that a header gives, and whether anything but lines of a header stands there.
    private static func header(_ bytes: ArraySlice<UInt8>) -> (length: Int?, isOdd: Bool) {
        var length: Int?
        var isOdd = false
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\r\n") {
            let match = line.wholeMatch(of: /(?s:(?<front>.*?))(?<name>[A-Za-z-]+): *(?<value>[^:]*)/)
            guard let match else {
                isOdd = true
                continue
            }
            if match.name.lowercased().hasSuffix("content-length") {
                length = Int(match.value.filter { $0 != " " }).flatMap { $0 >= 0 ? $0 : nil }
            }
            isOdd = isOdd || !match.front.isEmpty
        }
        return (length, isOdd)
    }
}

extension JSON {
    /// The message as it goes over the wire.
    package var framed: [UInt8] {
        let body = Array(text().utf8)
        return Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
    }

    /// An object of the members that have a value.
    package static func members(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        .object(members.compactMap { key, value in value.map { Member(key, $0) } })
    }
}
