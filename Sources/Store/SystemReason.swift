import Foundation

extension Error {
    /// What the system objects to in its own words, `No space left on device`, where it said so; else the error's description.
    public var systemReason: String {
        guard let code = ((self as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError)?.code else {
            return localizedDescription
        }
        return String(cString: strerror(code.rawValue))
    }
}
