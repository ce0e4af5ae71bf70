import DICOMDictionary
import DICOMObjects

/// Which private attributes of an item the policy keeps, and the elements that reserve their blocks.
struct SafePrivateAttributes {
    let kept: Set<AttributeTag>
    let creators: Set<AttributeTag>

    init(_ list: [PrivateAttribute], in item: DICOMObject.Item, entries: [DICOMObject.Entry]) {
        guard !list.isEmpty else {
            (kept, creators) = ([], [])
            return
        }
        // (gggg,00bb) reserves (gggg,bb00)…(gggg,bbff) for the creator it names.
        let blocks = entries.map(\.tag).filter { $0.isPrivate && (0x10...0xff).contains($0.element) }
        let names = Dictionary(uniqueKeysWithValues: blocks.map { ($0, item.text($0) ?? "") })
        var (kept, creators): (Set<AttributeTag>, Set<AttributeTag>) = ([], [])
        for tag in entries.map(\.tag) where tag.isPrivate && tag.element > 0xff {
            let block = AttributeTag(tag.group, tag.element >> 8)
            guard let creator = names[block],
                list.contains(PrivateAttribute(creator: creator, group: tag.group, offset: UInt8(tag.element & 0xff)))
            else { continue }
            kept.insert(tag)
            creators.insert(block)
        }
        (self.kept, self.creators) = (kept, creators)
    }
}
