// How failures cross to C.
#include "CDCMTK/Failure.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/oflog/oflog.h"

#include <cstring>
#include <mutex>

namespace cdcmtk {

void silence() noexcept {
    static std::once_flag once;
    std::call_once(once, [] { OFLog::configure(OFLogger::OFF_LOG_LEVEL); });
}

void report(cdcmtk_failure *failure, cdcmtk_status status, const char *text, std::uint16_t reason) noexcept {
    if (failure == nullptr) { return; }
    failure->status = status;
    failure->reason = reason;
    std::strncpy(failure->text, text, sizeof failure->text - 1);
    failure->text[sizeof failure->text - 1] = '\0';
}

}  // namespace cdcmtk
