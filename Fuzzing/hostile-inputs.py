#!/usr/bin/env python3
"""Writes the hostile inputs of Tests/Fixtures/fuzz that were thought of by hand, in the folder given.

A file's name is the error code its reader must answer with (or `value`), two dashes, and what is wrong with it. Inputs that the fuzzer
found lie beside them under names of the same form and are not made here.
"""
import io, os, struct, sys, zipfile, zlib

ROOT = sys.argv[1]
UNDEFINED = 0xFFFFFFFF
LONG = ("OB", "OW", "SQ", "UN", "UT")


def save(reader, name, content):
    os.makedirs(f"{ROOT}/{reader}", exist_ok=True)
    with open(f"{ROOT}/{reader}/{name}", "wb") as file:
        file.write(content)


# DICOM

EXPLICIT, IMPLICIT, DEFLATED = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.1.99"
RLE, JPEG, JPEG_LS, JPEG_2000 = (f"1.2.840.10008.1.2.{tail}" for tail in ("5", "4.70", "4.80", "4.90"))
CT, ENHANCED = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2.1"
GROUPS = (0x5200, 0x9229)


def element(group, number, representation, value, length=None):
    value = value.encode() if isinstance(value, str) else value
    value += b"\0" * (len(value) % 2)
    length = len(value) if length is None else length
    tag = struct.pack("<HH", group, number) + representation.encode()
    return tag + (b"\0\0" + struct.pack("<I", length) if representation in LONG else struct.pack("<H", length)) + value


def implicit(group, number, value, length=None):
    return struct.pack("<HHI", group, number, len(value) if length is None else length) + value


def item(body=b"", length=None):
    return implicit(0xFFFE, 0xE000, body, length)


ITEM_END, SEQUENCE_END = implicit(0xFFFE, 0xE00D, b""), implicit(0xFFFE, 0xE0DD, b"")


def word(number, value):
    return (0x28, number, "US", struct.pack("<H", value))


def description(frames=1, rows=6, columns=8, kind=CT):
    facts = [(8, 8, "CS", "ORIGINAL\\PRIMARY\\AXIAL"), (8, 0x16, "UI", kind), (8, 0x18, "UI", "1.2.3.4"), (8, 0x60, "CS", "CT"),
             (0x18, 0x50, "DS", "2"), (0x20, 0xD, "UI", "1.2.3.1"), (0x20, 0xE, "UI", "1.2.3.2"), (0x20, 0x32, "DS", "0\\0\\0"),
             (0x20, 0x37, "DS", "1\\0\\0\\0\\1\\0"), word(2, 1), (0x28, 4, "CS", "MONOCHROME2")]
    if frames != 1:
        facts.append((0x28, 8, "IS", str(frames)))
    facts += [word(0x10, rows), word(0x11, columns), (0x28, 0x30, "DS", "0.75\\0.5"), word(0x100, 16), word(0x101, 12), word(0x102, 11),
              word(0x103, 0), (0x28, 0x1052, "DS", "-1024"), (0x28, 0x1053, "DS", "1")]
    return facts


def explicit(facts):
    return b"".join(element(*fact) for fact in facts)


def bare(facts):
    return b"".join(implicit(group, number, value.encode() if isinstance(value, str) else value) for group, number, _, value in facts)


def meta(syntax, kind=CT):
    body = element(2, 2, "UI", kind) + element(2, 3, "UI", "1.2.3.4") + element(2, 0x10, "UI", syntax)
    return b"\0" * 128 + b"DICM" + element(2, 0, "UL", struct.pack("<I", len(body))) + body


def enhanced(groups):
    pixels = element(0x7FE0, 0x10, "OW", b"\1\0" * 144)
    return meta(EXPLICIT, ENHANCED) + explicit(description(3, kind=ENHANCED)) + groups + pixels


def encapsulated(syntax, fragment, **facts):
    pixels = element(0x7FE0, 0x10, "OB", item() + item(fragment) + SEQUENCE_END, UNDEFINED)
    return meta(syntax) + explicit(description(**facts)) + pixels


def dicom():
    pixels = element(0x7FE0, 0x10, "OW", b"\1\0" * 48)
    whole = explicit(description())
    text = lambda *change: meta(EXPLICIT) + explicit([fact for fact in description() if fact[:2] != change[:2]] + [change]) + pixels
    save("dicom", "invalid-attribute--thousands-or-thousandths", text(0x28, 0x1052, "DS", "-1,024"))
    save("dicom", "invalid-attribute--position-of-half-a-number", text(0x20, 0x32, "DS", "0\\0\\2.5.5"))
    save("dicom", "invalid-attribute--exponent-without-end", text(0x28, 0x1053, "DS", "1e" + "9" * 60))
    private = struct.pack("<HH", 0x19, 0x1001)
    save("dicom", "corrupt--no-representation-and-a-lying-length", meta(EXPLICIT) + whole + private + struct.pack("<I", 0x70000000) + pixels)
    save("dicom", "corrupt--two-spaces-and-a-lying-length", meta(EXPLICIT) + whole + private + b"  \xff\xff" + pixels)
    inner = implicit(8, 0x100, b"abcd", 0x40000000)
    save("dicom", "corrupt--lie-in-implicit-items", meta(EXPLICIT) + whole + private + b"SQ\0\0" + struct.pack("<I", UNDEFINED) + item(inner, UNDEFINED))
    bomb = b""
    for _ in range(100):
        bomb = private + b"SQ\0\0" + struct.pack("<I", len(bomb) + 8) + item(bomb)
    save("dicom", "too-large--nested-100-deep-with-lengths", meta(EXPLICIT) + whole + bomb + pixels)
    cut = element(0x7FE0, 0x10, "OB", item() + item(b"\xff\xd8\xff\xc3" + bytes(60), 200), UNDEFINED)
    save("dicom", "truncated--fragment-beyond-the-end", meta(JPEG) + whole + cut)
    endless = element(0x7FE0, 0x10, "OB", item() + item(b"\xff\xd8\xff\xc3" + bytes(60)), UNDEFINED)
    save("dicom", "truncated--fragments-and-codestream-without-end", meta(JPEG) + whole + endless)
    liar = struct.pack("<HH", 0x20, 0x9999) + b"UN\0\0" + struct.pack("<I", 0x50000000) + b"abcd"
    save("dicom", "corrupt--lie-in-an-endless-item", enhanced(element(*GROUPS, "SQ", item(liar, UNDEFINED))))
    save("dicom", "corrupt--lie-in-a-defined-item", enhanced(element(*GROUPS, "SQ", item(liar))))
    save("dicom", "corrupt--lie-in-unknown-groups", enhanced(element(*GROUPS, "UN", item(b"abcd") + SEQUENCE_END, UNDEFINED)))
    hidden = implicit(0x20, 0x9113, item(implicit(0x20, 0x32, b"1", 0x50000000), UNDEFINED))
    save("dicom", "corrupt--lie-in-an-implicit-sequence", meta(IMPLICIT, ENHANCED) + bare(description(3, kind=ENHANCED))
         + implicit(*GROUPS, item(hidden)) + implicit(0x7FE0, 0x10, b"\1\0" * 144))
    level = struct.pack("<HH", 0x20, 0x9111) + b"SQ\0\0" + struct.pack("<I", UNDEFINED) + item(b"", UNDEFINED)
    save("dicom", "too-large--nested-1000-deep", meta(EXPLICIT) + explicit(description()) + level * 1000 + pixels)
    save("dicom", "too-large--groups-nested-1000-deep", enhanced(element(*GROUPS, "SQ", item(level * 1000, UNDEFINED), UNDEFINED)))
    save("dicom", "truncated--representation-of-the-future", meta(EXPLICIT) + explicit(description()[:8])
         + struct.pack("<HH", 0x20, 0x32) + b"DR\x0c\x00" + b"-10\\-12.5\\3 " + pixels)
    save("dicom", "too-large--65535-rows-in-96-bytes", meta(EXPLICIT) + explicit(description(1, 65535, 65535)) + pixels)
    save("dicom", "too-large--two-billion-frames", meta(EXPLICIT, ENHANCED) + explicit(description(2000000000, kind=ENHANCED)) + pixels)
    save("dicom", "too-large--8000-rows-of-jpeg-ls-in-80-bytes", encapsulated(
        JPEG_LS, b"\xff\xd8\xff\xf7" + struct.pack(">HBHHB", 11, 12, 8000, 8000, 1) + b"\1\x11\0\xff\xda\0\x08\1\1\0\0\0\0" + b"\xff\x7f" * 30,
        rows=8000, columns=8000))
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    blank = explicit(description()) + element(0x7FE0, 0x10, "OW", bytes(12 << 20))
    save("dicom", "too-large--deflated-bomb", meta(DEFLATED) + compressor.compress(blank) + compressor.flush())
    save("dicom", "corrupt--rle-offsets-outside", encapsulated(
        RLE, struct.pack("<16I", 0xFFFFFFFF, 64, 66, *([0x7FFFFFFF] * 13)) + b"\x81\0" * 20))
    save("dicom", "corrupt--rle-of-too-few-bytes", encapsulated(
        RLE, struct.pack("<16I", 2, 64, 66, *([0] * 13)) + b"\x81\0" * 20, rows=2048, columns=2048))
    size = struct.pack(">HHIIIIIIIIH", 41, 0, 0x7FFFFFFF, 0x7FFFFFFF, 0, 0, 0x7FFFFFFF, 0x7FFFFFFF, 0, 0, 1)
    save("dicom", "wrong-pixel-length--jpeg-2000-of-two-billion-rows", encapsulated(
        JPEG_2000, b"\xff\x4f\xff\x51" + size + b"\x0b\1\1\xff\x52\0\x0c\0\0\0\1\0\5\4\4\0\1\xff\x5c\0\x04\x40\x40\xff\x90\0\x0a"
        + bytes(7) + b"\1\xff\x93" + bytes(20) + b"\xff\xd9"))
    save("dicom", "wrong-pixel-length--jpeg-of-65535-rows", encapsulated(
        JPEG, b"\xff\xd8\xff\xc3" + struct.pack(">HBHHB", 11, 12, 65535, 65535, 1) + b"\1\x11\0\xff\xc4\0\x14\0\1" + bytes(16)
        + b"\xff\xda\0\x08\1\1\0\1\0\0" + bytes(30) + b"\xff\xd9"))


# NIfTI


def header(size=(2, 3, 4), kind=4, bits=16, offset=352.0, rank=3, slope=1.0, spacing=(1.0, 1.0, 1.0)):
    return (struct.pack("<i", 348) + bytes(36) + struct.pack("<8h", rank, *size, 1, 1, 1, 1) + bytes(14) + struct.pack("<hhh", kind, bits, 0)
            + struct.pack("<8f", 1, *spacing, 1, 1, 1, 1) + struct.pack("<fff", offset, slope, 0) + bytes(132)
            + struct.pack("<hh", 0, 1) + bytes(24) + struct.pack("<12f", 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0) + bytes(16) + b"n+1\0" + bytes(4))


def nifti():
    gzip = lambda content: (lambda made: made.compress(content) + made.flush())(zlib.compressobj(9, zlib.DEFLATED, 31))
    save("nifti", "too-large--cube-of-32767", header((32767, 32767, 32767)))
    save("nifti", "truncated--two-gigabytes-in-a-header", header((1024, 1024, 1024)))
    save("nifti", "truncated--two-gigabytes-in-a-gzipped-header", gzip(header((1024, 1024, 1024))))
    save("nifti", "truncated--gzip-without-an-end", gzip(header() + bytes(range(48)))[:-20])
    save("nifti", "longer-than-header-states--gzip-bomb", gzip(header() + bytes(20 << 20)))
    save("nifti", "invalid-header--offset-not-a-number", header(offset=float("nan")))
    save("nifti", "invalid-header--rank-of-minus-one", header(rank=-1))
    save("nifti", "invalid-header--size-of-minus-three", header((2, -3, 4)))
    save("nifti", "truncated--offset-behind-the-end", header(offset=1e9))
    save("nifti", "non-finite-voxels--scaled-to-infinity", header(kind=64, bits=64, slope=3e38) + struct.pack("<24d", *([1e300] * 24)))


# Messages and plans


def json():
    start = b'{"specversion":"1.0","type":"dev.columna.study.submitted.v1","id":"1","source":"a","data":'
    save("message", "not-json--nested-3000-deep", b"[" * 3000)
    save("message", "too-large--spaces", start + b" " * 70000 + b"{}}")
    save("message", "not-json--half-a-surrogate", start + b'{"path":"\\ud800"}}')
    save("message", "invalid-value--zero-byte", start + b'{"path":"a\\u0000b"}}')
    save("message", "unknown-field--600-keys", start[:-8] + b"".join(b',"k%d":1' % n for n in range(600)) + b',"data":{"path":"a"}}')
    save("message", "not-json--number-without-end", start + b'{"path":' + b"9" * 3000 + b"}}")
    save("message", "duplicate-member--escaped-alike", start + b'{"path":"/a","p\\u0061th":"/b"}}')
    save("message", "duplicate-member--within-an-unknown-field", start + b'{"path":"/a","x":[{"y":1,"y":2}]}}')
    save("message", "not-json--gzip", zlib.compress(start + b'{"path":"/a"}}', 9, 31) if sys.version_info >= (3, 11) else b"\x1f\x8b\x08\0")
    save("message", "value--null-attributes", start[:-8] + b',"time":null,"subject":null,"data":{"path":"a","model":null}}')
    save("message", "not-json--overlong-utf8", start + b'{"path":"\xc0\x80"}}')
    save("plan", "unreadable-plan--nested-3000-deep", b'{"network":' * 3000)
    save("plan", "unreadable-plan--patch-beyond-64-bits", b'{"patch":[99999999999999999999,1,1]}')
    save("plan", "invalid-plan--patch-of-two-to-the-62", b'{"patch":[4611686018427387904,4611686018427387904,16]}')
    save("plan", "unreadable-plan--spacing-without-end", b'{"spacingInMillimetres":[1e999,1,1]}')
    save("plan", "unreadable-plan--features-of-two-to-the-62", b'{"network":{"architecture":"plain-unet","features":[4611686018427387904]}}')


# Tensors


def tensors(entries, data=b"", length=None):
    entries = entries.encode() if isinstance(entries, str) else entries
    return struct.pack("<Q", len(entries) if length is None else length) + entries + data


def safetensors():
    one = '{"a":{"dtype":"F32","shape":[%s],"data_offsets":[%d,%d]}}'
    save("safetensors", "malformed-file--header-of-99-megabytes", tensors("{}", length=99_000_000))
    save("safetensors", "malformed-file--header-of-all-ones", tensors("{}", length=2**64 - 1))
    save("safetensors", "malformed-file--shape-that-overflows", tensors(one % ("4294967296,4294967296", 0, 0)))
    save("safetensors", "malformed-file--empty-of-a-shape-that-overflows", tensors(one % ("9223372036854775807,9223372036854775807,0", 0, 0)))
    save("safetensors", "malformed-file--offsets-near-the-end-of-numbers", tensors(one % ("1", 288230376151711739, 288230376151711743)))
    save("safetensors", "malformed-file--falling-offsets", tensors(one % ("1", 4, 0), bytes(4)))
    save("safetensors", "malformed-file--ten-thousand-braces", tensors('{"a":' * 10000))
    save("safetensors", "malformed-file--name-of-5000-bytes", tensors('{"' + "a" * 5000 + '":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}', bytes(4)))
    save("safetensors", "malformed-file--5000-axes", tensors(one % (",".join(["9"] * 5000), 0, 4), bytes(4)))
    save("safetensors", "malformed-file--field-of-5000-bytes", tensors('{"a":{"' + "b" * 5000 + '":1}}'))
    save("safetensors", "malformed-file--half-a-surrogate", tensors('{"\\ud800":{}}'))
    twice = '{"\u00e9":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"e\u0301":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}'
    save("safetensors", "malformed-file--one-name-in-two-spellings", tensors(twice, bytes(2)))


def archive(pickle, storages=(bytes(16),), extra=()):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        def add(name, content, method=zipfile.ZIP_STORED):
            info = zipfile.ZipInfo("a/" + name)
            info.compress_type = method
            file.writestr(info, content)
        add("data.pkl", pickle)
        for index, storage in enumerate(storages):
            add(f"data/{index}", storage)
        for entry in extra:
            add(*entry)
    return buffer.getvalue()


def pytorch():
    stored = b"(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpu%stQ"
    tensor = b"\x80\x02}X\x01\0\0\0actorch._utils\n_rebuild_tensor_v2\n(" + stored + b"%s%s%s\x89ccollections\nOrderedDict\n)RtRs."
    number = lambda value: b"\x8a\x08" + struct.pack("<q", value)
    def one(count=4, offset=0, shape=(2, 2), strides=(2, 1)):
        extents = lambda values: b"(" + b"".join(number(value) for value in values) + b"t"
        return tensor % (number(count), number(offset), extents(shape), extents(strides))
    save("pytorch", "value--four-numbers", archive(one()))
    save("pytorch", "malformed-tensor--strides-that-overflow", archive(one(shape=(2**62, 4), strides=(2**62, 4))))
    save("pytorch", "malformed-tensor--million-numbers-of-stride-zero", archive(one(shape=(1000, 1000), strides=(0, 0))))
    save("pytorch", "malformed-tensor--storage-of-two-to-the-62", archive(one(count=2**62)))
    save("pytorch", "malformed-tensor--offset-of-minus-one", archive(one(offset=-1)))
    save("pytorch", "malformed-tensor--twenty-axes", archive(one(shape=(1,) * 20, strides=(1,) * 20)))
    save("pytorch", "malformed-pickle--nothing-on-the-stack", archive(b"\x80\x02" + b"s" * 100 + b"."))
    save("pytorch", "malformed-pickle--text-of-all-ones", archive(b"\x80\x04\x8d" + b"\xff" * 8 + b"."))
    save("pytorch", "malformed-pickle--memo-of-four-billion", archive(b"\x80\x02j\xff\xff\xff\xff."))
    save("pytorch", "missing-tensor--list-in-itself", archive(b"\x80\x02]q\x00h\x00a."))
    save("pytorch", "missing-tensor--nested-20000-deep", archive(b"\x80\x02" + b"]" * 20000 + b"a" * 19999 + b"."))
    save("pytorch", "refused-global--system", archive(b"\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R."))
    save("pytorch", "unsupported--deflated-storage", archive(one(), extra=[("data/1", bytes(1 << 24), zipfile.ZIP_DEFLATED)]))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a/data.pkl", bytes(33 << 20))
    save("pytorch", "malformed-archive--pickle-of-33-megabytes", bomb.getvalue())
    whole = bytearray(archive(one()))
    end = whole.rindex(b"PK\5\6")
    whole[end + 8:end + 12] = b"\xff" * 4
    save("pytorch", "malformed-archive--65535-entries", bytes(whole))
    legacy = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e" + b"\x80\x02M\xe9\x03." + b"\x80\x02}."
    save("pytorch", "malformed-tensor--older-storage-of-two-to-the-62", legacy + one(count=2**62) + b"\x80\x02]X\x01\0\0\x000a."
         + struct.pack("<q", 2**62))


for make in (dicom, nifti, json, safetensors, pytorch):
    make()
