// Which fragments of encapsulated pixels are a frame's.
#ifndef COLUMNA_CDCMTK_FRAMETABLE_H
#define COLUMNA_CDCMTK_FRAMETABLE_H

#include "CDCMTK/Walk.h"

#include <vector>

namespace cdcmtk {

constexpr std::size_t mostFrames = 100000;

/// Per frame the index of its first fragment among `found.items`, then their count (PS3.5, A.4): one fragment each, or as the extended
/// offset table says, or the basic one, or where codestreams begin. Throws `corrupt` where a table contradicts the fragments, for frames
/// would be mixed up or overlap, and where nothing tells the frames apart.
/// - extended: where the value of the Extended Offset Table lies; without length where there is none.
std::vector<std::size_t> frameStarts(const ByteSource &source, const Fragments &found, std::size_t frames, Fragment extended);

}  // namespace cdcmtk

#endif
