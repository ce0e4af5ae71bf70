// Walks through a dataset: where its elements begin and end (PS3.5, 7), without recursion and without believing a length.
//
// The one parser of DICOM objects: what is read for conversion, export, de-identification, sending and receiving is what it finds. It
// reads what the standard allows and what can only be meant one way: elements without a representation, items of the other encoding,
// ends that are missing where another end says the same, and remains behind the last element. It refuses what is cut off.
#ifndef COLUMNA_CDCMTK_WALK_H
#define COLUMNA_CDCMTK_WALK_H

#include "CDCMTK/ByteSource.h"
#include "CDCMTK/Heads.h"
#include "CDCMTK/TransferSyntax.h"

#include <cstdint>
#include <vector>

namespace cdcmtk {

/// Sequences are nested at most so deep; real objects nest five deep.
constexpr std::size_t deepestNesting = 64;

struct Element {
    Tag tag = 0;
    /// Two letters as they are in the file; empty where there are none.
    char stored[3] = {0, 0, 0};
    /// Of the value's numbers.
    bool isBigEndian = false;
    /// Where the value begins, and its bytes: 0 for sequences and fragments of undefined length.
    std::uint64_t value = 0;
    std::uint32_t length = 0;

    bool has(const char *representation) const { return stored[0] == representation[0] && stored[1] == representation[1]; }
};

/// What the value of an element is: as stored, or as the dictionary says where nothing is stored that says it (UN, PS3.5, 6.2.2, or
/// bytes in place of a number or text). "UN" where nobody knows. Never a choice: `isSigned` decides between US and SS.
const char *representation(const Element &element, bool isSigned);

/// One of encapsulated pixel data's items, the first of which is the offset table.
struct Fragment {
    std::uint64_t offset;
    std::uint32_t length;
};

struct Fragments {
    std::vector<Fragment> items;
    /// Whether a delimiter follows the last one; without it only its own end says that it is whole.
    bool isDelimited = true;
    /// Behind them.
    std::uint64_t end = 0;

    /// As the standard wants them (PS3.5, A.4).
    bool areEven() const;
};

/// The items of encapsulated pixel data from `offset` on. Throws `truncated` for one that is cut off.
Fragments readFragments(Window &window, std::uint64_t offset, std::uint64_t end);

/// Takes what a walk finds, in the order of the file.
class Visitor {
  public:
    virtual ~Visitor() = default;
    virtual void element(const Element &) {}
    virtual void fragments(const Element &, const Fragments &) {}
    virtual void beginSequence(const Element &) {}
    virtual void endSequence() {}
    virtual void beginItem() {}
    virtual void endItem() {}
    /// True ends the walk.
    virtual bool isDone() const { return false; }
};

struct Findings {
    /// Behind the last element; remains that are none may follow.
    std::uint64_t end = 0;
    /// The bytes are written as the standard wants it.
    bool isSound = true;
    bool hasSOPClass = false, hasSOPInstance = false, hasPixels = false;
};

/// The dataset that begins at `offset` and reaches to the end of the window.
Findings walk(Window &window, std::uint64_t offset, Encoding encoding, Visitor &visitor);

}  // namespace cdcmtk

#endif
