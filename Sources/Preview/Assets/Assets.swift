/// The preview's own files, held in the binary.
enum Assets {
    static let script = String(decoding: PackageResources.preview_js, as: UTF8.self)
    static let style = String(decoding: PackageResources.preview_css, as: UTF8.self)
}
