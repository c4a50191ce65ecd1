import Foundation

/// Why the system refused, taken at once, before another call changes it.
struct SystemReason: Error {
    let text = String(cString: strerror(errno))
}

extension Error {
    /// What the system objects to in its own words, `No space left on device`, where it said so; else the error's description.
    public var systemReason: String {
        if let reason = self as? SystemReason { return reason.text }
        guard let code = ((self as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError)?.code else {
            return localizedDescription
        }
        return String(cString: strerror(code.rawValue))
    }
}
