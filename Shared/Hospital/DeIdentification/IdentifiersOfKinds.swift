import DICOMDictionary
import DICOMObjects

/// Attributes whose unique identifiers name kinds of things (classes, syntaxes, coding schemes), also private ones:
/// they must stay.
enum IdentifiersOfKinds {
    static func contains(_ tag: AttributeTag) -> Bool { tags.contains(tag) }

    private static let tags: Set<AttributeTag> = [
        .sopClass, .referencedSOPClass,
        AttributeTag(0x0000, 0x0002), AttributeTag(0x0000, 0x0003), // affected and requested class
        AttributeTag(0x0004, 0x1510), AttributeTag(0x0004, 0x1512), AttributeTag(0x0004, 0x151a), // in a directory
        AttributeTag(0x0008, 0x001a), AttributeTag(0x0008, 0x001b), // related general, original specialized class
        AttributeTag(0x0008, 0x0062), // classes in study
        AttributeTag(0x0008, 0x010c), AttributeTag(0x0008, 0x010d), // scheme, creator of a context group
        AttributeTag(0x0008, 0x0117), AttributeTag(0x0008, 0x0118), // context, mapping resource
        AttributeTag(0x0008, 0x040e), AttributeTag(0x0008, 0x3002), AttributeTag(0x0034, 0x0003), // transfer syntaxes
        AttributeTag(0x0008, 0x115a), // classes supported
        AttributeTag(0x0400, 0x0010), AttributeTag(0x0400, 0x0510), // syntaxes of signatures and encrypted content
        AttributeTag(0x3010, 0x0052), AttributeTag(0x3010, 0x0053), // pertinent classes
    ]
}
