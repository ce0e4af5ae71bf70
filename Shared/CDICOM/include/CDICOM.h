/*
 * DICOM objects as flat C: open a file, ask for attributes, decode the pixels of one frame, write an object.
 *
 * Datasets, uncompressed, RLE, JPEG and JPEG-LS pixels go through DCMTK, JPEG 2000 through OpenJPEG. Nothing is printed,
 * no C++ exception leaves these functions, and texts of failures hold no attribute values and no paths.
 * A handle belongs to one thread at a time; different handles may be used by different threads.
 */
#ifndef COLUMNA_CDICOM_H
#define COLUMNA_CDICOM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    CDICOM_OK = 0,
    CDICOM_UNREADABLE,   /* the file cannot be opened */
    CDICOM_NOT_DICOM,    /* no DICOM prefix, and not a bare dataset either */
    CDICOM_TRUNCATED,    /* the file ends inside an element */
    CDICOM_CORRUPT,      /* the bytes contradict the encoding */
    CDICOM_UNSUPPORTED,  /* a transfer syntax or a pixel layout that is not decoded here */
    CDICOM_NO_PIXELS,    /* there is no pixel data */
    CDICOM_PIXEL_LENGTH, /* the pixel data does not hold rows x columns pixels */
    CDICOM_TOO_LARGE,    /* larger than any CT slice, hence hostile or broken */
    CDICOM_MEMORY,
    CDICOM_UNWRITABLE,   /* the file cannot be written or encoded */
    CDICOM_INTERNAL
} cdicom_status;

/* What went wrong; `text` is a short English phrase, always terminated. */
typedef struct {
    cdicom_status status;
    char text[200];
} cdicom_failure;

/* How the pixels of a frame lie in the file, as the attributes say (0 where absent). */
typedef struct {
    int32_t rows;
    int32_t columns;
    int32_t frames;
    int32_t samples_per_pixel;
    int32_t bits_allocated;
    int32_t bits_stored;
    int32_t high_bit;
    int32_t is_signed;
    int32_t has_pixel_data;
} cdicom_layout;

/* One attribute to write: its value as DICOM text, several values separated by backslashes. */
typedef struct {
    uint16_t group;
    uint16_t element;
    const char *text;
} cdicom_attribute;

typedef enum { CDICOM_EXPLICIT = 0, CDICOM_IMPLICIT, CDICOM_RLE, CDICOM_JPEG_LOSSLESS } cdicom_encoding;

typedef struct cdicom_file cdicom_file;

/* Version of the DCMTK that runs, of the OpenJPEG that runs. */
const char *cdicom_dcmtk_version(void);
const char *cdicom_openjpeg_version(void);

/* Opens and parses a file. Large elements (the pixels) stay on disk until they are decoded. NULL and `failure` on failure. */
cdicom_file *cdicom_open(const char *path, cdicom_failure *failure);
void cdicom_close(cdicom_file *file);

/* Unique identifier of the transfer syntax the file is stored in; valid as long as the handle. */
const char *cdicom_transfer_syntax(const cdicom_file *file);

/* Text of an attribute (all values, backslashes between, in the file's own character set), cut at `capacity - 1` bytes and
   terminated. Returns its whole length, or -1 where it is absent or not text. Also looks in the file's meta header (group 2). */
int64_t cdicom_text(cdicom_file *file, uint16_t group, uint16_t element, char *buffer, size_t capacity);

/* Numbers of an attribute (DS, IS, US, SS, UL, SL, FL, FD). Returns how many it holds (at most `capacity` are stored), or -1
   where it is absent, empty, or holds something that is no number. */
int32_t cdicom_numbers(cdicom_file *file, uint16_t group, uint16_t element, double *values, size_t capacity);

cdicom_layout cdicom_pixel_layout(cdicom_file *file);

/* Decodes a single-frame, one-sample image into `count` = rows x columns stored values: unused bits cut off, signed where
   the object says so, not rescaled. Returns 0 and fills `failure` when it cannot. */
int cdicom_decode(cdicom_file *file, int32_t *values, size_t count, cdicom_failure *failure);

/* Writes an object of one 16-bit frame. Pixels are taken as they are; the attributes must describe them (rows, columns, bits,
   pixel representation). Returns 0 and fills `failure` when it cannot. */
int cdicom_write(const char *path, const cdicom_attribute *attributes, size_t attribute_count, const uint16_t *pixels,
                 size_t pixel_count, cdicom_encoding encoding, cdicom_failure *failure);

#ifdef __cplusplus
}
#endif
#endif
