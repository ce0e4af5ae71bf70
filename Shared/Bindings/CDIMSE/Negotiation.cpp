// Presentation contexts, PS3.8 9.3.2.2 and PS3.7 annex D.
#include "Session.h"

#include "CDCMTK/TransferSyntax.h"

#include <algorithm>

namespace cdimse {

namespace {

/// Empty where none of the proposed syntaxes will do.
std::string chosenSyntax(const T_ASC_PresentationContext &proposed, bool isVerification, const std::vector<std::string> &taken) {
    for (int index = 0; index < proposed.transferSyntaxCount; ++index) {
        const std::string syntax = proposed.proposedTransferSyntaxes[index];
        // There is no dataset to encode, but the two plain ones are what peers expect.
        const bool isPlain = syntax == cdcmtk::implicitLittleEndian || syntax == cdcmtk::explicitLittleEndian;
        if (isVerification ? isPlain : std::find(taken.begin(), taken.end(), syntax) != taken.end()) { return syntax; }
    }
    return "";
}

}  // namespace

void negotiate(T_ASC_Parameters *parameters, const std::vector<std::string> &taken) {
    const int count = ASC_countPresentationContexts(parameters);
    for (int index = 0; index < count; ++index) {
        T_ASC_PresentationContext proposed;
        // More than 50 transfer syntaxes in one context: those that fit were copied.
        ASC_getPresentationContext(parameters, index, &proposed);
        const bool isVerification = std::string(proposed.abstractSyntax) == verificationClass;
        const std::string syntax = chosenSyntax(proposed, isVerification, taken);
        if (!isVerification && !isStorageClass(proposed.abstractSyntax)) {
            ASC_refusePresentationContext(parameters, proposed.presentationContextID, ASC_P_ABSTRACTSYNTAXNOTSUPPORTED);
        } else if (syntax.empty()) {
            ASC_refusePresentationContext(parameters, proposed.presentationContextID, ASC_P_TRANSFERSYNTAXESNOTSUPPORTED);
        } else {
            ASC_acceptPresentationContext(parameters, proposed.presentationContextID, syntax.c_str(), ASC_SC_ROLE_DEFAULT, OFTrue);
        }
    }
}

}  // namespace cdimse
