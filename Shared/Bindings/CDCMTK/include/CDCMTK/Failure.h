// Why an object cannot be read.
#ifndef COLUMNA_CDCMTK_FAILURE_H
#define COLUMNA_CDCMTK_FAILURE_H

#include <stdexcept>
#include <string>

namespace cdcmtk {

enum class Fault {
    /// The file cannot be opened.
    unreadable,
    notDICOM,
    /// The file ends inside an element.
    truncated,
    /// The bytes contradict the encoding.
    corrupt,
    /// Nested deeper, or inflating to more, than any true object.
    tooLarge,
    /// The file is not the one that was opened before.
    changed
};

/// Carries a fault and a short English phrase, without values and paths, to the C boundaries.
struct Failure : std::runtime_error {
    Fault fault;
    Failure(Fault fault, const std::string &text) : std::runtime_error(text), fault(fault) {}
};

}  // namespace cdcmtk

#endif
