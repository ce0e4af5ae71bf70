// Associations to other nodes: opened, verified, queried, retrieved from.
#include "CDIMSEInternal.h"

#include "dcmtk/dcmnet/cond.h"
#include "dcmtk/dcmnet/dul.h"

using cdimse::Bytes;
using cdimse::Command;
using cdcmtk::Failure;
using cdimse::Link;

cdimse_link::~cdimse_link() {
    link.reset();
    if (network != nullptr) { ASC_dropNetwork(&network); }
}

namespace {

constexpr const char *findClass = "1.2.840.10008.5.1.4.1.2.2.1";
constexpr const char *moveClass = "1.2.840.10008.5.1.4.1.2.2.2";
constexpr const char *getClass = "1.2.840.10008.5.1.4.1.2.2.3";
/// What a peer may still send after it was asked to stop.
constexpr int messagesAfterCancel = 16;

bool isPending(std::uint16_t status) { return status == 0xFF00 || status == 0xFF01; }

// MARK: - Opening

[[noreturn]] void refused(T_ASC_Parameters *parameters) {
    T_ASC_RejectParameters rejection{};
    ASC_getRejectParameters(parameters, &rejection);
    const bool isTransient = rejection.result == ASC_RESULT_REJECTEDTRANSIENT;
    throw Failure(isTransient ? CDCMTK_REJECTED_TRANSIENT : CDCMTK_REJECTED, "the peer refuses the association", std::uint16_t(rejection.reason));
}

void propose(T_ASC_Parameters *parameters, const cdimse_node &node, const cdimse_proposal *proposals, std::size_t count) {
    OFStandard::strlcpy(parameters->ourImplementationClassUID, cdimse::implementationClass, sizeof parameters->ourImplementationClassUID);
    OFStandard::strlcpy(parameters->ourImplementationVersionName, cdimse::implementationVersion, sizeof parameters->ourImplementationVersionName);
    const std::string address = std::string(node.host) + ":" + std::to_string(node.port);
    bool isGood = ASC_setAPTitles(parameters, node.calling_title, node.called_title, nullptr).good() &&
                  ASC_setPresentationAddresses(parameters, "localhost", address.c_str()).good();
    for (std::size_t index = 0; index < count && isGood; ++index) {
        const cdimse_proposal &one = proposals[index];
        isGood = ASC_addPresentationContext(
                     parameters, T_ASC_PresentationContextID(2 * index + 1), one.abstract_syntax,
                     const_cast<const char **>(one.transfer_syntaxes), int(one.transfer_syntax_count),
                     one.as_provider != 0 ? ASC_SC_ROLE_SCP : ASC_SC_ROLE_DEFAULT)
                     .good();
    }
    if (!isGood) { throw Failure(CDCMTK_INVALID, "the association cannot be asked for"); }
}

void request(cdimse_link &handle, T_ASC_Parameters *parameters, const cdimse_node &node) {
    T_ASC_Association *association = nullptr;
    const OFCondition condition =
        ASC_requestAssociation(handle.network, parameters, &association, nullptr, nullptr, DUL_NOBLOCK, node.timeout);
    if (condition.good()) {
        handle.link = std::make_unique<Link>(association, node.timeout);
        return;
    }
    struct Guard {
        T_ASC_Association *&association;
        ~Guard() { ASC_destroyAssociation(&association); }
    } guard{association};
    if (condition == DUL_ASSOCIATIONREJECTED) { refused(parameters); }
    if (condition == DUL_READTIMEOUT) { throw Failure(CDCMTK_TIMED_OUT, "the peer did not answer the request for an association"); }
    if (condition == DUL_PEERABORTEDASSOCIATION) { throw Failure(CDCMTK_ABORTED, "the peer aborted the association"); }
    if (condition == DUL_NETWORKCLOSED) { throw Failure(CDCMTK_LOST, "the peer closed the connection"); }
    if (condition.code() == DULC_UNKNOWNHOST) { throw Failure(CDCMTK_UNREACHABLE, "the peer's host name is unknown"); }
    throw Failure(CDCMTK_UNREACHABLE, "no connection to the peer");
}

// MARK: - Queries

Bytes identifier(const cdimse_key *keys, std::size_t count) {
    cdimse::ElementWriter writer;
    for (std::size_t index = 0; index < count; ++index) {
        const std::string value = keys[index].value;
        writer.text(cdimse::tag(keys[index].group, keys[index].element), value, cdimse::isUID(value) ? '\0' : ' ');
    }
    return writer.bytes();
}

/// A query under way: the request is sent, answers come in, it may be cancelled once.
class Query {
  public:
    Query(Link &link, const char *abstractSyntax, cdimse::CommandField field, const Bytes &identifier, const char *destination = "")
        : link(link), response(std::uint16_t(field | 0x8000)) {
        context = link.context(abstractSyntax, cdcmtk::implicitLittleEndian);
        if (context == 0) { throw Failure(CDCMTK_UNSUPPORTED, "the peer does not offer this query"); }
        request.field = field;
        request.messageID = link.nextMessageID++;
        request.sopClass = abstractSyntax;
        request.destination = destination;
        request.hasDataSet = true;
        link.send(context, request);
        link.sendDataSet(context, identifier);
    }

    /// The next message: an answer to this query, or a sub-operation's request.
    Command next(std::uint8_t &messageContext) {
        if (isCancelled && ++sinceCancel > messagesAfterCancel) { throw Failure(CDCMTK_CANCELLED, "cancelled"); }
        const Command command = link.receiveCommand(messageContext);
        if (command.isResponse() && command.field != response) { throw Failure(CDCMTK_PROTOCOL, "the peer answered with another message"); }
        return command;
    }

    /// PS3.7 9.3.2.3.
    void cancel() {
        if (isCancelled) { return; }
        isCancelled = true;
        Command command;
        command.field = cdimse::CancelRequest;
        command.messageID = request.messageID;
        link.send(context, command);
    }

    void finish() const {
        if (isCancelled) { throw Failure(CDCMTK_CANCELLED, "cancelled"); }
    }

    bool isCancelled = false;

  private:
    Link &link;
    std::uint8_t context;
    Command request;
    std::uint16_t response;
    int sinceCancel = 0;
};

std::vector<std::string> values(const Bytes &bytes, const cdimse_key *keys, std::size_t count) {
    std::vector<std::string> found(count);
    cdimse::ElementReader reader(bytes.data(), bytes.size());
    while (reader.next()) {
        for (std::size_t index = 0; index < count; ++index) {
            if (reader.tag == cdimse::tag(keys[index].group, keys[index].element)) { found[index] = reader.text(); }
        }
    }
    if (reader.isCut) { throw Failure(CDCMTK_PROTOCOL, "an answer to a query is cut off"); }
    return found;
}

void find(Link &link, const cdimse_key *keys, std::size_t count, cdimse_match match, void *target, std::uint16_t &status) {
    Query query(link, findClass, cdimse::FindRequest, identifier(keys, count));
    while (true) {
        std::uint8_t context = 0;
        const Command answer = query.next(context);
        if (!answer.isResponse()) { throw Failure(CDCMTK_PROTOCOL, "the peer asked instead of answering"); }
        const Bytes bytes = answer.hasDataSet ? link.receiveIdentifier(context) : Bytes();
        status = answer.status;
        if (!isPending(status)) { return query.finish(); }
        const std::vector<std::string> texts = values(bytes, keys, count);
        std::vector<const char *> pointers;
        for (const std::string &text : texts) { pointers.push_back(text.c_str()); }
        if (!query.isCancelled && match(target, pointers.data(), pointers.size()) == 0) { query.cancel(); }
    }
}

// MARK: - Retrieval

void take(cdimse_counts &counts, const Command &answer) {
    counts = {answer.status, answer.remaining, answer.completed, answer.failed, answer.warnings};
}

void get(cdimse_link &handle, const cdimse_key *keys, std::size_t count, const std::string &folder, std::uint64_t largest,
         const cdimse_retrieval &retrieval, cdimse_counts &counts) {
    Link &link = *handle.link;
    Query query(link, getClass, cdimse::GetRequest, identifier(keys, count));
    counts = {0, -1, 0, 0, 0};
    while (true) {
        std::uint8_t context = 0;
        const Command command = query.next(context);
        if (command.field == cdimse::StoreRequest && command.hasDataSet) {
            std::uint64_t byteCount = 0;
            const std::uint16_t status = cdimse::receiveInstance(
                link, context, command, folder, largest, handle.peerTitle,
                [&](const cdimse_instance &instance) {
                    return query.isCancelled ? cdimse::outOfResources : retrieval.receive(retrieval.context, &instance);
                },
                byteCount);
            link.send(context, cdimse::storeResponse(command, status));
            // Peers need not say how far they are; our own count goes on until they do.
            (status == 0 ? counts.completed : counts.failed) += 1;
        } else if (command.isResponse()) {
            if (command.hasDataSet) { link.receiveIdentifier(context); }
            take(counts, command);
            if (!isPending(command.status)) { return query.finish(); }
        } else {
            throw Failure(CDCMTK_PROTOCOL, "the peer sent something else than the objects asked for");
        }
        if (retrieval.progress(retrieval.context, &counts) == 0) { query.cancel(); }
    }
}

void move(Link &link, const cdimse_key *keys, std::size_t count, const char *destination, const cdimse_retrieval &retrieval,
          cdimse_counts &counts) {
    Query query(link, moveClass, cdimse::MoveRequest, identifier(keys, count), destination);
    while (true) {
        std::uint8_t context = 0;
        const Command answer = query.next(context);
        if (!answer.isResponse()) { throw Failure(CDCMTK_PROTOCOL, "the peer asked instead of answering"); }
        if (answer.hasDataSet) { link.receiveIdentifier(context); }
        take(counts, answer);
        if (!isPending(answer.status)) { return query.finish(); }
        if (retrieval.progress(retrieval.context, &counts) == 0) { query.cancel(); }
    }
}

std::uint16_t echo(Link &link) {
    const std::uint8_t context = link.context(cdimse::verificationClass);
    if (context == 0) { throw Failure(CDCMTK_UNSUPPORTED, "the peer does not answer C-ECHO"); }
    Command command;
    command.field = cdimse::EchoRequest;
    command.messageID = link.nextMessageID++;
    command.sopClass = cdimse::verificationClass;
    link.send(context, command);
    std::uint8_t answered;
    const Command answer = link.receiveCommand(answered);
    if (answer.field != cdimse::EchoResponse) { throw Failure(CDCMTK_PROTOCOL, "the peer answered C-ECHO with another message"); }
    return answer.status;
}

}  // namespace

cdimse_link *cdimse_open(const cdimse_node *node, const cdimse_proposal *proposals, std::size_t proposal_count, cdcmtk_failure *failure) {
    cdimse_link *opened = nullptr;
    cdcmtk::guarded(failure, [&] {
        if (proposal_count == 0 || proposal_count > 128) { throw Failure(CDCMTK_INVALID, "an association has 1 to 128 presentation contexts"); }
        auto handle = std::make_unique<cdimse_link>();
        handle->peerTitle = node->called_title;
        T_ASC_Parameters *parameters = nullptr;
        {
            const std::lock_guard<std::mutex> lock(cdimse::networkVariables());
            dcmConnectionTimeout.set(node->connect_timeout);
            if (ASC_initializeNetwork(NET_REQUESTOR, 0, node->timeout, &handle->network).bad() ||
                ASC_createAssociationParameters(&parameters, long(node->maximum_pdu)).bad()) {
                throw Failure(CDCMTK_INTERNAL, "the DICOM network cannot be set up");
            }
        }
        try {
            propose(parameters, *node, proposals, proposal_count);
        } catch (...) {
            ASC_destroyAssociationParameters(&parameters);
            throw;
        }
        request(*handle, parameters, *node);
        if (ASC_countAcceptedPresentationContexts(handle->link->association->params) == 0) {
            ASC_releaseAssociation(handle->link->association);
            throw Failure(CDCMTK_UNSUPPORTED, "the peer takes none of the presentation contexts");
        }
        opened = handle.release();
    });
    return opened;
}

void cdimse_release(cdimse_link *link) {
    if (link == nullptr) { return; }
    ASC_releaseAssociation(link->link->association);
    delete link;
}

void cdimse_abort(cdimse_link *link) {
    if (link == nullptr) { return; }
    ASC_abortAssociation(link->link->association);
    delete link;
}

int cdimse_echo(cdimse_link *link, std::uint16_t *status, cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] { *status = echo(*link->link); });
}

int cdimse_find(cdimse_link *link, const cdimse_key *keys, std::size_t key_count, cdimse_match match, void *context,
                std::uint16_t *status, cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] { find(*link->link, keys, key_count, match, context, *status); });
}

int cdimse_get(cdimse_link *link, const cdimse_key *keys, std::size_t key_count, const char *folder, std::uint64_t largest_instance,
               cdimse_retrieval retrieval, cdimse_counts *counts, cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] { get(*link, keys, key_count, folder, largest_instance, retrieval, *counts); });
}

int cdimse_move(cdimse_link *link, const cdimse_key *keys, std::size_t key_count, const char *destination, cdimse_retrieval retrieval,
                cdimse_counts *counts, cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] { move(*link->link, keys, key_count, destination, retrieval, *counts); });
}
