// A caller of the provider: its association request, its commands, its end.
#include "Session.h"

#include "dcmtk/dcmnet/dul.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace cdimse {

namespace {

constexpr const char *applicationContext = "1.2.840.10008.3.1.1.1";
/// A request of 128 contexts with all our transfer syntaxes has 50 kB.
constexpr std::size_t largestRequest = 1 << 20, wholeRequest = 48 << 10;

std::string addressOf(int socket) {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    char text[INET_ADDRSTRLEN] = "";
    if (getpeername(socket, reinterpret_cast<sockaddr *>(&address), &length) == 0 && address.sin_family == AF_INET) {
        inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
    }
    return text;
}

std::string trimmed(std::string text) {
    while (!text.empty() && text.back() == ' ') { text.pop_back(); }
    return text.erase(0, text.find_first_not_of(' '));
}

/// Waits until so many bytes have arrived; false when the time is over or the connection ends first.
bool awaitBytes(int socket, std::size_t count, std::int64_t deadline) {
    const int needed = int(count);
    setsockopt(socket, SOL_SOCKET, SO_RCVLOWAT, &needed, sizeof needed);
    int waiting = 0;
    for (std::int64_t rest = deadline - Link::now(); rest > 0; rest = deadline - Link::now()) {
        pollfd event{socket, POLLIN, 0};
        if (poll(&event, 1, int(rest)) < 0 && errno != EINTR) { break; }
        if (ioctl(socket, FIONREAD, &waiting) != 0 || waiting >= needed) { break; }
        // Readable with too few bytes: the peer has closed.
        if (event.revents != 0) { break; }
    }
    const int one = 1;
    setsockopt(socket, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof one);
    return waiting >= needed;
}

ino_t identityOf(int descriptor) {
    struct stat information{};
    return fstat(descriptor, &information) == 0 ? information.st_ino : 0;
}

}  // namespace

Session::Session(const ProviderFacts &facts, std::uint64_t number, int socket, bool isWithinLimit)
    : facts(facts), number(number), socket(socket), isWithinLimit(isWithinLimit), address(addressOf(socket)) {}

Session::~Session() { close(socket); }

void Session::cut() { shutdown(socket, SHUT_RDWR); }

bool Session::isOverdue(std::int64_t now) const {
    const std::int64_t limit = deadline;
    // dcmnet looks at its own clock too, in whole seconds, and knows better what it waits for.
    return limit != 0 && now > limit + 1500;
}

bool Session::isIdle(std::int64_t now, std::int64_t milliseconds) const {
    const std::int64_t since = idleSince;
    return since != 0 && now - since >= milliseconds;
}

cdimse_peer Session::peer() const { return {callingTitle.c_str(), calledTitle.c_str(), address.c_str()}; }

void Session::observe(cdimse_event_kind kind, std::int32_t detail, std::uint64_t bytes) {
    const cdimse_event event{kind, number, detail, bytes};
    const cdimse_peer caller = peer();
    facts.handlers.observe(facts.handlers.context, &caller, &event);
}

void Session::serve() noexcept {
    cdcmtk_failure failure{};
    const bool hasEndedWell = cdcmtk::guarded(&failure, [&] {
        T_ASC_Association *association = accept();
        link = std::make_unique<Link>(association, facts.timeout, &deadline);
        if (!admit()) { return; }
        answerCommands();
    });
    if (!hasEndedWell) { observe(CDIMSE_EVENT_ENDED, failure.status); }
    // No exception leaves here: dcmnet's ends do not throw.
    link.reset();
}

// MARK: - Beginning

/// dcmnet reads a request in one go, and only one at a time may be handed to it. So the request must be here before.
bool Session::awaitRequest() {
    const std::int64_t limit = Link::now() + facts.timeout * 1000;
    std::uint8_t head[6];
    if (!awaitBytes(socket, sizeof head, limit)) { return false; }
    if (recv(socket, head, sizeof head, MSG_PEEK) != sizeof head) { return false; }
    const std::size_t length = std::size_t(head[2]) << 24 | std::size_t(head[3]) << 16 | std::size_t(head[4]) << 8 | head[5];
    if (head[0] != 0x01 || length > largestRequest) { throw Failure(CDCMTK_PROTOCOL, "the caller did not ask for an association"); }
    const std::size_t size = sizeof head + length;
    hasWholeRequest = size <= wholeRequest;
    if (!awaitBytes(socket, std::min(size, wholeRequest), limit)) { return false; }
    // dcmnet loses some memory with each request that is damaged: those are not shown to it.
    Bytes request(std::min(size, wholeRequest));
    const bool isRead = recv(socket, request.data(), request.size(), MSG_PEEK) == ssize_t(request.size());
    if (!isRead || (size <= wholeRequest && !isAssociateRequest(request))) {
        throw Failure(CDCMTK_PROTOCOL, "the caller's request for an association is damaged");
    }
    return true;
}

T_ASC_Association *Session::accept() {
    if (!awaitRequest()) { throw Failure(CDCMTK_TIMED_OUT, "the caller did not ask for an association in time"); }
    const int handed = dup(socket);
    if (handed < 0) { throw Failure(CDCMTK_INTERNAL, "no file descriptor is free"); }
    T_ASC_Association *association = nullptr;
    OFCondition condition;
    {
        const std::lock_guard<std::mutex> lock(networkVariables());
        dcmExternalSocketHandle.set(handed);
        // Everybody else waits meanwhile, so whoever has not sent all of a large request gets little time for the rest.
        const int seconds = std::min(int(facts.timeout), hasWholeRequest ? int(facts.timeout) : 2);
        deadline = Link::now() + seconds * 1000;
        condition = ASC_receiveAssociation(facts.network, &association, long(facts.maximumPDU), nullptr, nullptr, OFFalse, DUL_NOBLOCK, seconds);
        deadline = 0;
        dcmExternalSocketHandle.set(-1);
    }
    if (condition.good()) { return association; }
    ASC_destroyAssociation(&association);
    // Some of dcmnet's failures close what they were handed, some do not. If the number still names our socket, it is ours to close.
    if (identityOf(handed) == identityOf(socket)) { close(handed); }
    throw Failure(CDCMTK_PROTOCOL, "the caller's request for an association is damaged");
}

bool Session::admit() {
    T_ASC_Parameters *parameters = link->association->params;
    DIC_AE calling, called, responding;
    ASC_getAPTitles(parameters, calling, sizeof calling, called, sizeof called, responding, sizeof responding);
    callingTitle = trimmed(calling);
    calledTitle = trimmed(called);
    const cdimse_peer caller = peer();
    const cdimse_admission admission =
        isWithinLimit ? facts.handlers.admit(facts.handlers.context, &caller) : CDIMSE_REFUSE_LIMIT;
    if (admission != CDIMSE_ADMIT) {
        refuse(admission);
        return false;
    }
    char context[DUL_LEN_NAME + 1] = "";
    ASC_getApplicationContextName(parameters, context, sizeof context);
    if (std::string(context) != applicationContext) { throw Failure(CDCMTK_PROTOCOL, "the caller does not speak DICOM"); }
    negotiate(parameters, facts.transferSyntaxes);
    OFStandard::strlcpy(parameters->ourImplementationClassUID, implementationClass, sizeof parameters->ourImplementationClassUID);
    OFStandard::strlcpy(parameters->ourImplementationVersionName, implementationVersion, sizeof parameters->ourImplementationVersionName);
    if (ASC_acknowledgeAssociation(link->association).bad()) { throw Failure(CDCMTK_LOST, "the caller went away"); }
    observe(CDIMSE_EVENT_OPENED);
    return true;
}

void Session::refuse(cdimse_admission admission) {
    T_ASC_RejectParameters reasons{};
    reasons.result = ASC_RESULT_REJECTEDPERMANENT;
    reasons.source = ASC_SOURCE_SERVICEUSER;
    reasons.reason = admission == CDIMSE_REFUSE_CALLING ? ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED : ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED;
    if (admission == CDIMSE_REFUSE_LIMIT) {
        reasons = {ASC_RESULT_REJECTEDTRANSIENT, ASC_SOURCE_SERVICEPROVIDER_PRESENTATION_RELATED, ASC_REASON_SP_PRES_LOCALLIMITEXCEEDED};
    }
    ASC_rejectAssociation(link->association, &reasons);
    observe(CDIMSE_EVENT_REFUSED, admission);
}

// MARK: - Commands

void Session::answerCommands() {
    try {
        while (true) {
            std::uint8_t context = 0;
            idleSince = Link::now();
            const Command command = link->receiveCommand(context);
            idleSince = 0;
            answer(context, command);
        }
    } catch (const Failure &failure) {
        idleSince = 0;
        if (failure.status == CDCMTK_RELEASED) {
            ASC_acknowledgeRelease(link->association);
            return observe(CDIMSE_EVENT_RELEASED);
        }
        if (failure.status == CDCMTK_TIMED_OUT || failure.status == CDCMTK_PROTOCOL) { ASC_abortAssociation(link->association); }
        throw;
    }
}

void Session::answer(std::uint8_t context, const Command &command) {
    if (command.field == StoreRequest && command.hasDataSet) { return store(context, command); }
    // What is cancelled was answered already; a response answers nothing we asked.
    if (command.field == CancelRequest) { return; }
    if (command.isResponse()) { throw Failure(CDCMTK_PROTOCOL, "the caller sent an answer without a question"); }
    if (command.hasDataSet) {
        link->receiveDataSet(context, [](const std::uint8_t *, std::size_t) {});
    }
    Command response;
    response.field = std::uint16_t(command.field | 0x8000);
    response.messageID = command.messageID;
    response.sopClass = command.sopClass;
    response.status = command.field == EchoRequest ? 0 : unrecognizedOperation;
    link->send(context, response);
    if (command.field == EchoRequest) { observe(CDIMSE_EVENT_ECHO); }
}

void Session::store(std::uint8_t context, const Command &command) {
    std::uint64_t byteCount = 0;
    const cdimse_peer caller = peer();
    const std::uint16_t status = receiveInstance(
        *link, context, command, facts.folder, facts.largestInstance, callingTitle,
        [&](const cdimse_instance &instance) { return facts.handlers.receive(facts.handlers.context, &caller, &instance); }, byteCount);
    link->send(context, storeResponse(command, status));
    observe(CDIMSE_EVENT_STORED, status, byteCount);
}

}  // namespace cdimse
