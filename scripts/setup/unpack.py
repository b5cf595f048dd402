"""Unpacks parts of a wheel.

usage: unpack.py WHEEL FOLDER PREFIX=PLACE...

A file whose name begins with PREFIX is written to FOLDER/PLACE + the rest of its name; Python's own are left
out (several wheels may hold the same package file). Streams, so that
memory stays small; zipfile checks each file's CRC. Says what it does as JSON, a line each on stdout.
"""
import hashlib
import json
import os
import sys
import zipfile

CHUNK = 4 << 20


def place_of(name, rules):
    for prefix, place in rules:
        if name.startswith(prefix):
            return place + name[len(prefix):]
    return None


def main():
    wheel, folder = sys.argv[1:3]
    rules = [rule.split("=", 1) for rule in sys.argv[3:]]
    with zipfile.ZipFile(wheel) as archive:
        chosen = []
        for entry in archive.infolist():
            place = place_of(entry.filename, rules)
            if place is None or entry.is_dir() or place.endswith((".py", ".pyi")):
                continue
            parts = place.split("/")
            if os.path.isabs(place) or ".." in parts or "\\" in place or ":" in place:
                sys.exit("unsafe name in the wheel: " + entry.filename)
            chosen.append((entry, os.path.join(folder, *parts), place))
        total = sum(entry.file_size for entry, _, _ in chosen)
        done = 0
        for entry, path, place in chosen:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            digest = hashlib.sha256()
            with archive.open(entry) as source, open(path, "xb") as target:
                while True:
                    data = source.read(CHUNK)
                    if not data:
                        break
                    digest.update(data)
                    target.write(data)
                    done += len(data)
                    if entry.file_size > CHUNK:
                        print(json.dumps({"done": done, "total": total}), flush=True)
                target.flush()
                if entry.file_size > CHUNK:
                    os.fsync(target.fileno())
            if (entry.external_attr >> 16) & 0o111:
                os.chmod(path, 0o755)
            print(json.dumps({"path": place, "sha256": digest.hexdigest()}))


main()
