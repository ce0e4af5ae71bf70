#!/usr/bin/env python3
"""Instances per second stored durably over C-STORE: `columna dicom listen` beside Orthanc, on the same disk, with the same sender.

Both acknowledge an object after fsync: ours of file and folder, Orthanc with its default SyncStorageArea. Each run starts a fresh
server with an empty folder and sends over so many associations at once; runs alternate. The sender is `columna dicom send`, or with
--sender storescu the program of DCMTK.
"""
import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CT = "1.2.840.10008.5.1.4.1.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
STUDY = "1.2.826.0.1.3680043.8.498.9"


def element(group, number, kind, value):
    if isinstance(value, str):
        value = value.encode() + (b"" if len(value) % 2 == 0 else b"\0" if kind == "UI" else b" ")
    head = struct.pack("<HH", group, number) + kind.encode()
    return head + (struct.pack("<HI", 0, len(value)) if kind in ("OB", "OW") else struct.pack("<H", len(value))) + value


def write_object(path, series, number, pixels, edge):
    """A CT slice with noise for pixels; `pixels` is shared, its first bytes are not."""
    instance = f"{STUDY}.{series}.{number}"
    meta = b"".join([element(2, 1, "OB", b"\0\1"), element(2, 2, "UI", CT), element(2, 3, "UI", instance),
                     element(2, 0x10, "UI", EXPLICIT), element(2, 0x12, "UI", "1.2.3")])
    short = lambda value: struct.pack("<H", value)
    data = b"".join([
        element(8, 0x16, "UI", CT), element(8, 0x18, "UI", instance), element(8, 0x60, "CS", "CT"), element(0x10, 0x10, "PN", "Made"),
        element(0x10, 0x20, "LO", "made"), element(0x20, 0x0D, "UI", STUDY), element(0x20, 0x0E, "UI", f"{STUDY}.{series}"),
        element(0x20, 0x13, "IS", str(number)), element(0x28, 2, "US", short(1)), element(0x28, 4, "CS", "MONOCHROME2"),
        element(0x28, 0x10, "US", short(edge)), element(0x28, 0x11, "US", short(edge)), element(0x28, 0x100, "US", short(16)),
        element(0x28, 0x101, "US", short(16)), element(0x28, 0x102, "US", short(15)), element(0x28, 0x103, "US", short(0)),
        element(0x7FE0, 0x10, "OW", struct.pack("<I", series << 16 | number) + pixels[4:])])
    path.write_bytes(bytes(128) + b"DICM" + element(2, 0, "UL", struct.pack("<I", len(meta))) + meta + data)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port, process):
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        if process.poll() is not None:
            sys.exit(f"store-intake: the server ended with code {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    sys.exit("store-intake: the server does not listen after 30 s")


def start_columna(columna, folder, port):
    return subprocess.Popen([columna, "dicom", "listen", "--folder", str(folder), "--port", str(port), "--bind", "127.0.0.1",
                             "--ae-title", "INTAKE", "--json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def start_orthanc(orthanc, folder, port):
    configuration = {
        "StorageDirectory": str(folder), "IndexDirectory": str(folder), "HttpServerEnabled": False, "DicomPort": port, "DicomAet": "INTAKE",
        "DicomAlwaysAllowStore": True, "SyncStorageArea": True, "StorageCompression": False, "DicomThreadsCount": 8, "Plugins": []}
    (folder / "orthanc.json").write_text(json.dumps(configuration))
    return subprocess.Popen([orthanc, str(folder / "orthanc.json")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stored_count(folder):
    """Objects are large; an index and settings beside them are not counted."""
    return sum(1 for path in folder.rglob("*") if path.is_file() and path.suffix not in (".json",) and not path.name.startswith("index")
               and path.stat().st_size > 4096)


def send(arguments, sets, port):
    def command(files):
        if arguments.sender == "storescu":
            return ["storescu", "--call", "INTAKE", "--max-send-pdu", "131072", "127.0.0.1", str(port), "--scan-directories", str(files)]
        return [arguments.columna, "dicom", "send", f"127.0.0.1:{port}", str(files), "--called", "INTAKE"]
    senders = [subprocess.Popen(command(files), stdout=subprocess.DEVNULL) for files in sets]
    if any([sender.wait() for sender in senders]):
        sys.exit("store-intake: a sender failed")


def measure(arguments, start, program, sets, count):
    folder = Path(tempfile.mkdtemp(prefix="intake-", dir=arguments.folder))
    port = free_port()
    server = start(program, folder, port)
    try:
        await_port(port, server)
        os.sync()
        begin = time.monotonic()
        send(arguments, sets, port)
        seconds = time.monotonic() - begin
        found = stored_count(folder)
        if found != count:
            sys.exit(f"store-intake: {found} objects in the folder, expected {count}")
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)
    return count / seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--columna", required=True)
    parser.add_argument("--orthanc", default="/usr/sbin/Orthanc")
    parser.add_argument("--folder", required=True, type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--associations", type=int, default=4)
    parser.add_argument("--objects", type=int, default=150, help="per association")
    parser.add_argument("--edge", type=int, default=512, help="rows and columns of an object")
    parser.add_argument("--sender", choices=["columna", "storescu"], default="columna")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    for program in [arguments.orthanc] + (["storescu"] if arguments.sender == "storescu" else []):
        if shutil.which(program) is None:
            sys.exit(f"store-intake: {program} is missing; run `apt-get install {'orthanc' if 'rthanc' in program else 'dcmtk'}`")

    arguments.folder.mkdir(parents=True, exist_ok=True)
    objects = Path(tempfile.mkdtemp(prefix="objects-", dir=arguments.folder))
    try:
        pixels = os.urandom(arguments.edge * arguments.edge * 2)
        sets = [objects / str(series) for series in range(1, arguments.associations + 1)]
        for series, files in enumerate(sets, 1):
            files.mkdir()
            for number in range(1, arguments.objects + 1):
                write_object(files / f"{number:05}.dcm", series, number, pixels, arguments.edge)
        count = arguments.associations * arguments.objects
        rates = {"columna": [], "orthanc": []}
        for _ in range(arguments.repeat):
            rates["columna"].append(measure(arguments, start_columna, arguments.columna, sets, count))
            rates["orthanc"].append(measure(arguments, start_orthanc, arguments.orthanc, sets, count))
    finally:
        shutil.rmtree(objects, ignore_errors=True)

    ours, theirs = statistics.median(rates["columna"]), statistics.median(rates["orthanc"])
    size = arguments.edge * arguments.edge * 2 / 2**20
    print(f"{count} objects of {size:.1f} MiB over {arguments.associations} associations, sender {arguments.sender}, median of {arguments.repeat}:")
    print(f"  columna  {ours:7.0f} objects/s  ({ours * size:.0f} MiB/s)")
    print(f"  Orthanc  {theirs:7.0f} objects/s  ({theirs * size:.0f} MiB/s)")
    print(f"  columna / Orthanc {ours / theirs:.2f}")
    if arguments.json:
        arguments.json.write_text(json.dumps({"objects": count, "associations": arguments.associations, "sender": arguments.sender,
                                              "objects_per_second": rates, "median": {"columna": ours, "orthanc": theirs}, "ratio": ours / theirs}))


if __name__ == "__main__":
    main()
