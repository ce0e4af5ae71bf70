// Messages over an association: command sets and datasets as fragments (PS3.7 6.3.1, PS3.8 9.3.5 and annex E).
#include "CDIMSEInternal.h"

#include "dcmtk/dcmnet/cond.h"
#include "dcmtk/dcmnet/dcmtrans.h"
#include "dcmtk/dcmnet/dul.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>

namespace cdimse {

namespace {

/// Command sets have a few hundred bytes, identifiers of a query a few thousand.
constexpr std::size_t largestCommand = 1 << 16, largestIdentifier = 1 << 20;

[[noreturn]] void end(const OFCondition &condition, const char *action) {
    const std::string during = std::string(" while ") + action;
    if (condition == DUL_PEERREQUESTEDRELEASE) { throw Failure(CDCMTK_RELEASED, "the peer released the association" + during); }
    if (condition == DUL_PEERABORTEDASSOCIATION) { throw Failure(CDCMTK_ABORTED, "the peer aborted the association" + during); }
    if (condition == DUL_READTIMEOUT) { throw Failure(CDCMTK_TIMED_OUT, "the peer was silent" + during); }
    if (condition == DUL_NETWORKCLOSED || condition.code() == DULC_TCPIOERROR) {
        throw Failure(CDCMTK_LOST, "the connection broke" + during);
    }
    throw Failure(CDCMTK_PROTOCOL, "the peer sent what is no DICOM message" + during);
}

/// dcmnet shows its socket to derived classes only, and has no limit of time for the rest of a data unit or for room to send.
struct SocketAccess : DcmTransportConnection {
    static int of(DcmTransportConnection &connection) { return (connection.*&SocketAccess::getSocket)(); }
};

/// Set while dcmnet reads or writes, so that a watchdog can cut off who is too slow.
class Watch {
  public:
    Watch(std::atomic<std::int64_t> *deadline, int seconds) : deadline(deadline) {
        if (deadline != nullptr) { *deadline = Link::now() + seconds * 1000; }
    }
    ~Watch() {
        if (deadline != nullptr) { *deadline = 0; }
    }

  private:
    std::atomic<std::int64_t> *deadline;
};

}  // namespace

std::int64_t Link::now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Link::Link(T_ASC_Association *association, int timeout, std::atomic<std::int64_t> *watched)
    : association(association), timeout(timeout), watched(watched) {
    DcmTransportConnection *connection = DUL_getTransportConnection(association->DULassociation);
    if (connection == nullptr) { return; }
    const int socket = SocketAccess::of(*connection);
    const timeval limit{timeout, 0};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int yes = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

Link::~Link() { ASC_destroyAssociation(&association); }

// MARK: - Sending

void Link::sendFragment(std::uint8_t context, bool isCommand, const std::uint8_t *bytes, std::size_t count, bool isLast) {
    DUL_PDV fragment;
    fragment.fragmentLength = count;
    fragment.presentationContextID = context;
    fragment.pdvType = isCommand ? DUL_COMMANDPDV : DUL_DATASETPDV;
    fragment.lastPDV = isLast;
    fragment.data = const_cast<std::uint8_t *>(bytes);
    DUL_PDVLIST list{};
    list.count = 1;
    list.pdv = &fragment;
    const Watch watch(watched, timeout);
    const OFCondition condition = DUL_WritePDVs(&association->DULassociation, &list);
    // Why a write failed shows in what can still be read: an abort, mostly.
    if (condition.bad()) { throw Failure(CDCMTK_LOST, "the connection broke while sending"); }
}

void Link::send(std::uint8_t context, const Command &command) {
    const Bytes bytes = command.encoded();
    sendFragment(context, true, bytes.data(), bytes.size(), true);
}

void Link::sendDataSet(std::uint8_t context, const Bytes &bytes) {
    for (std::size_t position = 0; position < bytes.size(); position += fragmentCapacity()) {
        const std::size_t count = std::min(fragmentCapacity(), bytes.size() - position);
        sendFragment(context, false, bytes.data() + position, count, position + count == bytes.size());
    }
}

// MARK: - Receiving

bool Link::hasWaitingData() const { return ASC_dataWaiting(association, 0); }

DUL_PDV Link::nextFragment() {
    DUL_PDV fragment;
    if (DUL_NextPDV(&association->DULassociation, &fragment).good()) { return fragment; }
    const Watch watch(watched, timeout);
    if (!ASC_dataWaiting(association, timeout)) { throw Failure(CDCMTK_TIMED_OUT, "the peer was silent for too long"); }
    const OFCondition condition = DUL_ReadPDVs(&association->DULassociation, nullptr, DUL_NOBLOCK, timeout);
    if (condition != DUL_PDATAPDUARRIVED) { end(condition, "receiving"); }
    if (DUL_NextPDV(&association->DULassociation, &fragment).bad()) { throw Failure(CDCMTK_PROTOCOL, "a data unit holds no fragment"); }
    return fragment;
}

Command Link::receiveCommand(std::uint8_t &context) {
    Bytes bytes;
    for (bool isLast = false; !isLast;) {
        const DUL_PDV fragment = nextFragment();
        if (bytes.empty()) { context = fragment.presentationContextID; }
        if (fragment.pdvType != DUL_COMMANDPDV || fragment.presentationContextID != context) {
            throw Failure(CDCMTK_PROTOCOL, "a command was expected and something else came");
        }
        if (bytes.size() + fragment.fragmentLength > largestCommand) { throw Failure(CDCMTK_PROTOCOL, "a command is larger than 64 KiB"); }
        const auto *data = static_cast<const std::uint8_t *>(fragment.data);
        bytes.insert(bytes.end(), data, data + fragment.fragmentLength);
        isLast = fragment.lastPDV;
    }
    if (transferSyntax(context).empty()) { throw Failure(CDCMTK_PROTOCOL, "a message uses a presentation context that was not accepted"); }
    return Command::parse(bytes);
}

void Link::receiveDataSet(std::uint8_t context, const std::function<void(const std::uint8_t *, std::size_t)> &sink) {
    for (bool isLast = false; !isLast;) {
        const DUL_PDV fragment = nextFragment();
        if (fragment.pdvType != DUL_DATASETPDV || fragment.presentationContextID != context) {
            throw Failure(CDCMTK_PROTOCOL, "a dataset was expected and something else came");
        }
        sink(static_cast<const std::uint8_t *>(fragment.data), fragment.fragmentLength);
        isLast = fragment.lastPDV;
    }
}

Bytes Link::receiveIdentifier(std::uint8_t context) {
    Bytes bytes;
    receiveDataSet(context, [&](const std::uint8_t *data, std::size_t count) {
        if (bytes.size() + count > largestIdentifier) { throw Failure(CDCMTK_PROTOCOL, "an identifier is larger than 1 MiB"); }
        bytes.insert(bytes.end(), data, data + count);
    });
    return bytes;
}

// MARK: - Presentation contexts

std::string Link::transferSyntax(std::uint8_t context) const {
    T_ASC_PresentationContext found;
    if (ASC_findAcceptedPresentationContext(association->params, context, &found).bad()) { return ""; }
    return found.acceptedTransferSyntax;
}

std::string Link::abstractSyntax(std::uint8_t context) const {
    T_ASC_PresentationContext found;
    if (ASC_findAcceptedPresentationContext(association->params, context, &found).bad()) { return ""; }
    return found.abstractSyntax;
}

std::uint8_t Link::context(const std::string &abstractSyntax, const std::string &transferSyntax) const {
    if (transferSyntax.empty()) { return ASC_findAcceptedPresentationContextID(association, abstractSyntax.c_str()); }
    const std::uint8_t found = ASC_findAcceptedPresentationContextID(association, abstractSyntax.c_str(), transferSyntax.c_str());
    // dcmnet falls back to another transfer syntax of the class, which would not fit the bytes.
    return found != 0 && this->transferSyntax(found) == transferSyntax ? found : 0;
}

}  // namespace cdimse
