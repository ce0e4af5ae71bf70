// Command sets (PS3.7 6.3 and annex E) of the services used here.
#include "CDIMSEInternal.h"

namespace cdimse {

namespace {

constexpr Tag sopClassTag = tag(0, 0x0002), fieldTag = tag(0, 0x0100), messageTag = tag(0, 0x0110), respondedTag = tag(0, 0x0120),
              destinationTag = tag(0, 0x0600), priorityTag = tag(0, 0x0700), dataSetTag = tag(0, 0x0800), statusTag = tag(0, 0x0900),
              instanceTag = tag(0, 0x1000), remainingTag = tag(0, 0x1020), completedTag = tag(0, 0x1021),
              failedTag = tag(0, 0x1022), warningTag = tag(0, 0x1023);
constexpr std::uint16_t noDataSet = 0x0101;

}  // namespace

Command Command::parse(const Bytes &bytes) {
    Command command;
    ElementReader reader(bytes.data(), bytes.size());
    bool hasField = false;
    while (reader.next()) {
        switch (reader.tag) {
            case sopClassTag: command.sopClass = reader.text(); break;
            case fieldTag: command.field = reader.number(); hasField = true; break;
            case messageTag: case respondedTag: command.messageID = reader.number(); break;
            case dataSetTag: command.hasDataSet = reader.number() != noDataSet; break;
            case statusTag: command.status = reader.number(); break;
            case instanceTag: command.sopInstance = reader.text(); break;
            case remainingTag: command.remaining = reader.number(); break;
            case completedTag: command.completed = reader.number(); break;
            case failedTag: command.failed = reader.number(); break;
            case warningTag: command.warnings = reader.number(); break;
            default: break;
        }
    }
    if (reader.isCut || !hasField) { throw Failure(CDCMTK_PROTOCOL, "a command set is cut off"); }
    return command;
}

Bytes Command::encoded() const {
    ElementWriter writer;
    if (!sopClass.empty()) { writer.text(sopClassTag, sopClass, '\0'); }
    writer.number(fieldTag, field);
    // A cancellation has no message number of its own.
    const bool refersToAnother = isResponse() || field == CancelRequest;
    writer.number(refersToAnother ? respondedTag : messageTag, messageID);
    if (!destination.empty()) { writer.text(destinationTag, destination, ' '); }
    if (!refersToAnother && field != EchoRequest) { writer.number(priorityTag, 0); }
    writer.number(dataSetTag, hasDataSet ? 0x0001 : noDataSet);
    if (isResponse()) { writer.number(statusTag, status); }
    if (!sopInstance.empty()) { writer.text(instanceTag, sopInstance, '\0'); }
    return writer.command();
}

}  // namespace cdimse
