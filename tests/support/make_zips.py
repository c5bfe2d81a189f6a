"""Zip files of all kinds for tst_ZipStore. usage: make_zips.py MODEL_JSON WEIGHTS FOLDER"""
import io
import json
import pathlib
import struct
import sys
import zipfile

model, weights, folder = map(pathlib.Path, sys.argv[1:])
MODEL, WEIGHTS = model.read_bytes(), weights.read_bytes()
document = json.loads(MODEL)
METADATA = json.dumps({"tmVersion": "2.4.7", "labels": ["Katze ☃", "Hund"], "imageSize": 224}).encode()


def with_paths(*paths):
    document["weightsManifest"][0]["paths"] = list(paths)
    return json.dumps(document)


def write(name, entries, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(folder / name, "w", method) as archive:
        for entry, content in entries:
            archive.writestr(entry, content)


TM = [("metadata.json", METADATA), ("weights.bin", WEIGHTS), ("model.json", with_paths("weights.bin"))]
write("teachable.zip", TM)
write("stored.zip", TM, zipfile.ZIP_STORED)
write("nested.zip", [("my_model/" + name, content) for name, content in TM] + [("my_model/readme.txt", "hello")])
half = len(WEIGHTS) // 2
write("shards.zip", [("b.bin", WEIGHTS[half:]), ("model.json", with_paths("a.bin", "b.bin")), ("a.bin", WEIGHTS[:half])])
write("no_model.zip", [("cat.jpg", b"picture"), ("metadata.json", METADATA)])
write("no_weights.zip", TM[:1] + TM[2:])
write("short.zip", [TM[2], ("weights.bin", WEIGHTS[:-5])])
write("page.zip", [TM[2], ("weights.bin", b"<!DOCTYPE html><p>404")])
write("escape.zip", [("model.json", with_paths("../secret")), ("../secret", WEIGHTS)])
write("absolute.zip", [("model.json", with_paths("/etc/passwd")), ("/etc/passwd", WEIGHTS)])
write("many.zip", [(f"{i}.bin", b"") for i in range(10_001)], zipfile.ZIP_STORED)
write("bomb.zip", [("model.json", with_paths("weights.bin")), ("weights.bin", bytes(64 << 20))])

whole = (folder / "teachable.zip").read_bytes()
(folder / "cut.zip").write_bytes(whole[:len(whole) // 2])
(folder / "text.zip").write_bytes(b"hello")
# An entry that says it is smaller than it is, in its own head and in the directory.
liar = io.BytesIO()
with zipfile.ZipFile(liar, "w", zipfile.ZIP_STORED) as archive:
    archive.writestr("model.json", with_paths("weights.bin"))
    archive.writestr("weights.bin", WEIGHTS)
bytes_ = bytearray(liar.getvalue())
old, new = struct.pack("<II", len(WEIGHTS), len(WEIGHTS)), struct.pack("<II", len(WEIGHTS), len(WEIGHTS) + 40)
(folder / "liar.zip").write_bytes(bytes(bytes_).replace(old, new))
