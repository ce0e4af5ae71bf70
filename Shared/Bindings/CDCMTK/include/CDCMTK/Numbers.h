// Numbers of attributes, as text or in binary: the one place where a value of a DICOM object becomes a number.
#ifndef COLUMNA_CDCMTK_NUMBERS_H
#define COLUMNA_CDCMTK_NUMBERS_H

#include <optional>
#include <string_view>
#include <vector>

class DcmElement;

namespace cdcmtk {

/// One decimal or integer string (DS, IS; PS3.5, 6.2), padding around it allowed; nothing unless all of it is one finite number.
///
/// Besides what the standard allows it reads what cannot be meant otherwise: a comma for the point, and Fortran's D for the E of an
/// exponent. A comma before exactly three digits may group thousands ("1,024") and is no number, unless a zero stands before it.
std::optional<double> decimal(std::string_view text);

/// What an attribute holds.
struct Numbers {
    enum class State {
        absent,
        empty,
        /// Something that is no number, wholly or in part.
        unreadable,
        read
    };
    State state = State::absent;
    std::vector<double> values;
};

/// Of text, whatever its representation calls itself, and of binary numbers. Empty values between or behind the others are left
/// out ("0.75\0.5\"): who needs a certain count finds out whether one is missing. `element` may be null.
Numbers numbers(DcmElement *element);
/// The same of text as it is stored.
Numbers numbers(std::string_view text);

}  // namespace cdcmtk

#endif
