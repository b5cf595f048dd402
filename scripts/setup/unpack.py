"""Unpacks what is needed of wheels: unpack.py FOLDER WHEEL...

TensorFlow's libraries and headers, and NVIDIA's libraries without what is Python's own (several wheels hold the same
package file). zipfile checks each file's CRC, and writes nothing outside the folder.
"""
import os
import re
import sys
import zipfile

# What begins so goes there: the libraries find NVIDIA's ones at ../nvidia from where they lie.
RULES = [
    (r"tensorflow/(?=libtensorflow_)", "lib/"),
    (r"tensorflow/include/(?=(tensorflow/c|tensorflow/core/platform|tsl|xla/tsl)/)", "include/"),
    (r"(?=nvidia/)", ""),
]

folder, *wheels = sys.argv[1:]
for wheel in wheels:
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            rule = next((rule for rule in RULES if re.match(rule[0], entry.filename)), None)
            if rule is None or entry.filename.endswith((".py", ".pyi", "/")):
                continue
            entry.filename = re.sub("^" + rule[0], rule[1], entry.filename)
            path = archive.extract(entry, folder)
            if (entry.external_attr >> 16) & 0o111:
                os.chmod(path, 0o755)
os.sync()
