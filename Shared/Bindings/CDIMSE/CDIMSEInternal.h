// What the translation units share; nothing here is visible to Swift.
#ifndef COLUMNA_CDIMSE_INTERNAL_H
#define COLUMNA_CDIMSE_INTERNAL_H

#include "CDIMSE.h"

#include "CDCMTK/Failure.h"
#include "CDCMTK/ObjectFile.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmnet/assoc.h"
#include "dcmtk/ofstd/ofstd.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace cdimse {

using Bytes = std::vector<std::uint8_t>;

using cdcmtk::Failure;

/// Guards dcmnet's process-wide variables (the socket handed to it, the time to connect, whether it looks up names), which are set on the way.
std::mutex &networkVariables();

// MARK: - Encoding

using cdcmtk::Tag;
using cdcmtk::tag;

/// Implicit VR little endian: what commands (PS3.7 6.3.1) and our queries are written in.
class ElementWriter {
  public:
    void text(Tag tag, const std::string &value, char padding);
    void number(Tag tag, std::uint16_t value);
    /// A command set: the group length first.
    Bytes command() const;
    const Bytes &bytes() const { return content; }

  private:
    void header(Tag tag, std::size_t length);
    Bytes content;
};

/// Reads elements of the top level of a command or an identifier in order, without recursion; what is nested is skipped.
class ElementReader {
  public:
    ElementReader(const std::uint8_t *bytes, std::size_t count) : bytes(bytes), count(count) {}
    /// The next element; false at the end of the bytes. Throws PROTOCOL when they contradict the encoding.
    bool next();
    Tag tag = 0;
    const std::uint8_t *value = nullptr;
    std::size_t length = 0;
    /// The bytes end within this element: a value that was cut off, not one that is broken.
    bool isCut = false;

    std::string text() const;
    std::uint16_t number() const;

  private:
    bool header(std::size_t &length, bool &isUndefined);
    void skipNested();
    const std::uint8_t *bytes;
    std::size_t count;
    std::size_t position = 0;
};

/// 1 to 64 digits and dots.
bool isUID(const std::string &text);

// MARK: - Messages

enum CommandField : std::uint16_t {
    StoreRequest = 0x0001, StoreResponse = 0x8001, GetRequest = 0x0010, GetResponse = 0x8010, FindRequest = 0x0020,
    FindResponse = 0x8020, MoveRequest = 0x0021, MoveResponse = 0x8021, EchoRequest = 0x0030, EchoResponse = 0x8030,
    CancelRequest = 0x0FFF
};

/// A command set, PS3.7 annex E: what of it is used here.
struct Command {
    std::uint16_t field = 0, messageID = 0, status = 0;
    bool hasDataSet = false;
    std::string sopClass, sopInstance, destination;
    std::int32_t remaining = -1, completed = 0, failed = 0, warnings = 0;

    static Command parse(const Bytes &bytes);
    Bytes encoded() const;
    bool isResponse() const { return (field & 0x8000) != 0; }
};

// MARK: - Associations

/// An association's messages over dcmnet. Owned by one thread.
class Link {
  public:
    /// Takes over the association, which is established or about to be acknowledged.
    /// `watched`, where given, holds when the operation under way must have ended, in milliseconds of `now`; 0 while there is none.
    Link(T_ASC_Association *association, int timeout, std::atomic<std::int64_t> *watched = nullptr);
    ~Link();
    Link(const Link &) = delete;

    T_ASC_Association *association;
    int timeout;
    std::uint16_t nextMessageID = 1;

    void send(std::uint8_t context, const Command &command);
    void sendFragment(std::uint8_t context, bool isCommand, const std::uint8_t *bytes, std::size_t count, bool isLast);
    void sendDataSet(std::uint8_t context, const Bytes &bytes);
    std::size_t fragmentCapacity() const { return association->sendPDVLength & ~std::size_t(1); }

    /// The next command. Throws how the association ended: RELEASED, ABORTED, TIMED_OUT, LOST, PROTOCOL.
    Command receiveCommand(std::uint8_t &context);
    /// All fragments of the dataset that follows a command.
    void receiveDataSet(std::uint8_t context, const std::function<void(const std::uint8_t *, std::size_t)> &sink);
    /// A short dataset, such as an identifier.
    Bytes receiveIdentifier(std::uint8_t context);
    bool hasWaitingData() const;

    std::string transferSyntax(std::uint8_t context) const;
    std::string abstractSyntax(std::uint8_t context) const;
    /// 0 where none was accepted.
    std::uint8_t context(const std::string &abstractSyntax, const std::string &transferSyntax = "") const;

    static std::int64_t now();

  private:
    DUL_PDV nextFragment();
    std::atomic<std::int64_t> *watched;
};

/// Receives the dataset of a C-STORE request into a file of `folder`, hands it to `receive`, removes what is left of it, and
/// returns the status to answer. Throws only when the association ended. `byteCount`: of the file.
std::uint16_t receiveInstance(
    Link &link, std::uint8_t context, const Command &command, const std::string &folder, std::uint64_t largest,
    const std::string &callingTitle, const std::function<std::uint16_t(const cdimse_instance &)> &receive, std::uint64_t &byteCount);

/// The answer to a C-STORE request.
Command storeResponse(const Command &request, std::uint16_t status);

constexpr std::uint16_t outOfResources = 0xA700, dataSetDoesNotMatch = 0xA900, cannotUnderstand = 0xC000, notSupported = 0x0122,
                        unrecognizedOperation = 0x0211;

constexpr const char *verificationClass = "1.2.840.10008.1.1";
using cdcmtk::implementationClass;
using cdcmtk::implementationVersion;

bool isStorageClass(const std::string &uid);

}  // namespace cdimse

/// The handle of a node's association.
struct cdimse_link {
    T_ASC_Network *network = nullptr;
    std::string peerTitle;
    std::unique_ptr<cdimse::Link> link;
    ~cdimse_link();
};

#endif
