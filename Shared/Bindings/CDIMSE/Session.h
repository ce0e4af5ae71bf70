// One caller of the provider; nothing here is visible to Swift.
#ifndef COLUMNA_CDIMSE_SESSION_H
#define COLUMNA_CDIMSE_SESSION_H

#include "CDIMSEInternal.h"

#include <string>
#include <vector>

namespace cdimse {

/// What all callers of a provider share.
struct ProviderFacts {
    T_ASC_Network *network = nullptr;
    std::string folder;
    std::vector<std::string> transferSyntaxes;
    std::uint64_t largestInstance = 0;
    std::uint32_t maximumPDU = 0;
    int timeout = 0;
    cdimse_handlers handlers{};
};

/// A caller, from the connection to its end. `serve` runs on the caller's own thread; the rest is for the provider's watchdog.
class Session {
  public:
    /// Takes over the socket. `isWithinLimit` false: the caller is told that there are too many.
    Session(const ProviderFacts &facts, std::uint64_t number, int socket, bool isWithinLimit);
    ~Session();
    Session(const Session &) = delete;

    void serve() noexcept;

    /// Ends the connection under the thread's hands, which then comes back from wherever it waits.
    void cut();
    bool isOverdue(std::int64_t now) const;
    /// Waits for its next command since at least so many milliseconds.
    bool isIdle(std::int64_t now, std::int64_t milliseconds) const;

  private:
    T_ASC_Association *accept();
    bool awaitRequest();
    bool admit();
    void answerCommands();
    void answer(std::uint8_t context, const Command &command);
    void store(std::uint8_t context, const Command &command);
    void refuse(cdimse_admission admission);
    void observe(cdimse_event_kind kind, std::int32_t detail = 0, std::uint64_t bytes = 0);
    cdimse_peer peer() const;

    const ProviderFacts &facts;
    const std::uint64_t number;
    /// Ours; dcmnet has a duplicate, so that this one stays valid for `cut` whatever dcmnet closes.
    const int socket;
    const bool isWithinLimit;
    std::atomic<std::int64_t> deadline{0};
    /// Whether all of the request for an association was there before dcmnet read it.
    bool hasWholeRequest = true;
    std::atomic<std::int64_t> idleSince{0};
    std::string callingTitle, calledTitle, address;
    std::unique_ptr<Link> link;
};

/// Whether the items of a whole A-ASSOCIATE-RQ, header included, fill each other exactly and hold what they must.
bool isAssociateRequest(const Bytes &request);

/// Answers the caller's presentation contexts: every storage class and verification, each in the first of the caller's transfer
/// syntaxes that is among `taken`, so that nobody has to recode.
void negotiate(T_ASC_Parameters *parameters, const std::vector<std::string> &taken);

}  // namespace cdimse

#endif
