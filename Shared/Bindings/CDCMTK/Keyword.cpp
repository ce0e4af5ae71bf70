// What DCMTK's dictionary calls attributes.
#include "CDCMTK/Failure.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctag.h"

#include <cstring>

void cdcmtk_keyword(std::uint16_t group, std::uint16_t element, char *buffer, std::size_t capacity) {
    cdcmtk::guarded(nullptr, [&] {
        std::strncpy(buffer, DcmTag(group, element).getTagName(), capacity - 1);
        buffer[capacity - 1] = '\0';
    });
}
