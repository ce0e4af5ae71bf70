/*
 * DICOM objects as flat C: open a file, ask for attributes, decode frames, write an object.
 *
 * CDCMTK walks through a file, without recursion and without trusting a length. The few attributes that are asked for go
 * through DCMTK; so do pixels in RLE, JPEG and JPEG-LS, but for lossless JPEG of one component, which is decoded here; JPEG 2000
 * goes through OpenJPEG. Nothing is printed, no C++ exception leaves these functions, and texts of failures hold no attribute
 * values and no paths.
 * A handle belongs to one thread at a time unless said otherwise; different handles may be used by different threads.
 */
#ifndef COLUMNA_CDICOM_H
#define COLUMNA_CDICOM_H

#include "CDCMTK.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the pixels lie in the file, as the attributes say (0 where absent), and where. Plain values: may outlive the handle. */
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
    int32_t is_encapsulated;
    int32_t has_modality_table; /* a look-up table (0028,3000) in place of slope and intercept */
    uint32_t unreadable;     /* the first attribute of these (group << 16 | element) that says nothing or no whole number; 0 without */
    int32_t is_word;         /* value representation OW: in big endian the unit of swapping is 16 bits */
    uint64_t pixel_offset;   /* of the value, in the file or in what its deflated dataset becomes */
    uint64_t pixel_length;   /* 0 where encapsulated */
    uint64_t table_offset;   /* of the extended offset table (7FE0,0001); 0 without */
    uint64_t table_length;
    uint64_t deflated_from;  /* where the deflated dataset begins; 0 where it is not deflated */
    uint64_t device, inode, size, modified; /* which file this was, to find out that it was replaced */
    char transfer_syntax[65];
} cdicom_layout;

/* From stored value to result: value * slope + intercept, except for the padding. */
typedef struct {
    double slope;
    double intercept;
    int32_t has_padding;
    int32_t padding_low, padding_high; /* stored values from .. to (included) become `padding_value` */
    double padding_value;
} cdicom_rescale;

/* One attribute to write: its value as DICOM text, several values separated by backslashes. */
typedef struct {
    uint16_t group;
    uint16_t element;
    const char *text;
} cdicom_attribute;

typedef enum { CDICOM_EXPLICIT = 0, CDICOM_IMPLICIT, CDICOM_RLE, CDICOM_JPEG_LOSSLESS } cdicom_encoding;

typedef struct cdicom_file cdicom_file;
typedef struct cdicom_frames cdicom_frames;

/* Version of the DCMTK that runs, of the OpenJPEG that runs. */
const char *cdicom_dcmtk_version(void);
const char *cdicom_openjpeg_version(void);

/* Opens a file, walks through all of it, and parses the attributes that can be asked for (`wanted` in Structure.cpp). Pixels are not read.
   NULL and `failure` on failure. */
cdicom_file *cdicom_open(const char *path, cdcmtk_failure *failure);
/* The same of a file that cannot be opened so: the attributes that come before its damage. NULL where there are none. */
cdicom_file *cdicom_open_damaged(const char *path);
void cdicom_close(cdicom_file *file);

/* Text of an attribute (all values, backslashes between) in UTF-8, cut at `capacity - 1` bytes and terminated. Returns its whole
   length, or -1 where it is absent or not text. Group 2 is the file's meta header. */
int64_t cdicom_text(cdicom_file *file, uint16_t group, uint16_t element, char *buffer, size_t capacity);

/* What an attribute holds in place of numbers. */
#define CDICOM_ABSENT (-1)
#define CDICOM_EMPTY 0
#define CDICOM_NO_NUMBERS (-2)

/* Numbers of an attribute, binary or as text. Returns how many it holds (at most `capacity` are stored), or one of the above:
   CDICOM_NO_NUMBERS also where only a part of it is a number. */
int32_t cdicom_numbers(cdicom_file *file, uint16_t group, uint16_t element, double *values, size_t capacity);

/* The same of a frame of a multi-frame object: looked for in the functional group `macro` (group << 16 | element of its sequence)
   of the frame, then in the shared one (PS3.3, C.7.6.16). Frames count from 0. */
int64_t cdicom_frame_text(cdicom_file *file, int32_t frame, uint32_t macro, uint16_t group, uint16_t element, char *buffer,
                          size_t capacity);
int32_t cdicom_frame_numbers(cdicom_file *file, int32_t frame, uint32_t macro, uint16_t group, uint16_t element, double *values,
                             size_t capacity);

/* Number of files that a directory of a medium (DICOMDIR) refers to, and the name of one, its parts separated by backslashes. */
int32_t cdicom_reference_count(cdicom_file *file);
int64_t cdicom_reference(cdicom_file *file, int32_t index, char *buffer, size_t capacity);

cdicom_layout cdicom_pixel_layout(cdicom_file *file);

/* Opens the pixels of a file whose layout is known; refuses a file that changed since. May be used by several threads at once.
   `promises_codestream`: the transfer syntax names a codec that is decoded here, so a frame that begins with none is damaged; otherwise it
   is of a codec that is not decoded. */
cdicom_frames *cdicom_frames_open(const char *path, const cdicom_layout *layout, int promises_codestream, cdcmtk_failure *failure);
void cdicom_frames_close(cdicom_frames *frames);

/* Decode one frame into `count` = rows x columns values: unused bits cut off, signed where the object says so, rescaled.
   Return 0 and fill `failure` when they cannot. For 16 bits slope and intercept must be whole numbers; `fits` is 0 where a value
   lies outside of 16 bits, and the values are then of no use. */
int cdicom_decode_int16(const cdicom_frames *frames, int32_t frame, const cdicom_rescale *rescale, int16_t *values, size_t count,
                        int32_t *fits, cdcmtk_failure *failure);
int cdicom_decode_float(const cdicom_frames *frames, int32_t frame, const cdicom_rescale *rescale, float *values, size_t count,
                        cdcmtk_failure *failure);

/* Writes an object of one 16-bit frame. Pixels are taken as they are; the attributes must describe them (rows, columns, bits,
   pixel representation). Returns 0 and fills `failure` when it cannot. */
int cdicom_write(const char *path, const cdicom_attribute *attributes, size_t attribute_count, const uint16_t *pixels,
                 size_t pixel_count, cdicom_encoding encoding, cdcmtk_failure *failure);

#ifdef __cplusplus
}
#endif
#endif
