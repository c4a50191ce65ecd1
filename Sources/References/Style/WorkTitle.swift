/// How the title of a work is set, in citations and in the list.
extension Reference {
    /// Whether its title is set in italics, since it is not part of another work.
    var isBooklike: Bool {
        [.bill, .book, .graphic, .legislation, .motionPicture, .song, .software].contains(kind)
    }

    /// A title of this kind of work: in italics, in quotation marks, or plain.
    func styled(_ title: RichText) -> RichText {
        if isBooklike { return title.styled(.italic) }
        return [.legalCase, .interview, .patent].contains(kind) ? title : title.quoted
    }

    /// The newspaper or magazine that it appeared in, which stands first where it has no names; nil for other works.
    var press: RichText? {
        [.articleMagazine, .articleNewspaper, .review, .reviewBook].contains(kind)
            ? texts[.containerTitle]?.styled(.italic) : nil
    }
}
