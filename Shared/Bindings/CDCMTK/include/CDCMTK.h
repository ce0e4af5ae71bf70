/*
 * What CDICOM, CDICOMObjects and CDIMSE share: how they fail, and the dictionary. No C++ exception leaves their functions.
 */
#ifndef COLUMNA_CDCMTK_H
#define COLUMNA_CDCMTK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    CDCMTK_OK = 0,
    CDCMTK_MEMORY,
    CDCMTK_INTERNAL,
    CDCMTK_INVALID, /* an argument that cannot be meant, or a value that its representation cannot hold */

    /* Objects and their files. */
    CDCMTK_UNREADABLE,   /* the file cannot be opened or read */
    CDCMTK_UNWRITABLE,   /* the file cannot be written, or the object not encoded */
    CDCMTK_NOT_DICOM,    /* no DICOM prefix, and not a bare dataset either */
    CDCMTK_TRUNCATED,    /* the file ends inside an element */
    CDCMTK_CORRUPT,      /* the bytes contradict the encoding */
    CDCMTK_CHANGED,      /* the file is not the one that was opened before */
    CDCMTK_TOO_LARGE,    /* nested deeper, inflating to more, or larger than any true object */
    CDCMTK_UNSUPPORTED,  /* an encoding that is not decoded here, or that the peer does not take */
    CDCMTK_NO_PIXELS,    /* there is no pixel data */
    CDCMTK_PIXEL_LENGTH, /* the pixel data does not hold rows x columns x frames pixels */

    /* The network. */
    CDCMTK_ADDRESS_IN_USE,     /* the address to listen at is taken, or not ours */
    CDCMTK_UNREACHABLE,        /* no connection: unknown host, refused, no route, time over */
    CDCMTK_REJECTED,           /* the peer refuses the association; `reason` says why */
    CDCMTK_REJECTED_TRANSIENT, /* the same, for now */
    CDCMTK_ABORTED,            /* the peer aborted the association */
    CDCMTK_RELEASED,           /* the peer released the association too early */
    CDCMTK_TIMED_OUT,
    CDCMTK_LOST,     /* the connection broke */
    CDCMTK_PROTOCOL, /* the peer's bytes are no DICOM message, or not the one expected */
    CDCMTK_CANCELLED
} cdcmtk_status;

/* What went wrong; `text` is a short English phrase without attribute values and paths, always terminated. `reason` is that of
   A-ASSOCIATE-RJ (source << 8 | reason), or the errno of what is unreadable (0: no regular file). */
typedef struct {
    cdcmtk_status status;
    uint16_t reason;
    char text[200];
} cdcmtk_failure;

/* Keyword of an attribute, such as PixelSpacing ("Unknown Tag & Data" where the dictionary has none), cut and terminated. */
void cdcmtk_keyword(uint16_t group, uint16_t element, char *buffer, size_t capacity);

#ifdef __cplusplus
}
#endif
#endif
