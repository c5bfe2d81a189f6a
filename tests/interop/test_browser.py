"""Models go round between layersmith-cli and the stores of a real Chromium with the real TensorFlow.js in it.

usage: test_browser.py LAYERSMITH_CLI [unittest arguments]
"""
import base64
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from peers import HERE, Peers

CLI = pathlib.Path(sys.argv[1]).resolve()
INPUT = {"shape": [2, 4], "dtype": "float32", "values": [0.5, -1, 2, 0.25, -0.5, 1, -2, 1.5]}


class Dumps(unittest.TestCase):
    """A dump of localStorage and IndexedDB goes browser -> ours -> browser with equal bytes."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="layersmith-browser-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.peers = Peers(CLI, self.folder)
        self.dump_script = self.peers.cli("import", "--script")["script"]
        self.restore_script = self.peers.cli("export", "--script")["script"]

    def browser(self, *steps):
        file = self.peers.write("steps.json", steps)
        done = subprocess.run(["node", str(HERE / "browser_stores.mjs"), file], capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def dump(self, name):
        return {"script": self.dump_script, "download": str(self.folder / name)}

    def restore(self, name):
        return {"script": self.restore_script, "pick": str(self.folder / name)}

    def read(self, name):
        return json.loads((self.folder / name).read_text())

    def assert_equal_bytes(self, one, other):
        self.assertEqual(one["localStorage"], other["localStorage"])  # the very strings
        self.assertEqual(json.dumps(one["indexedDB"]), json.dumps(other["indexedDB"]))  # and the order of members
        self.assertGreater(len(one["indexedDB"][0]["stores"][1]["records"]), 0)

    def test_browser_ours_browser(self):
        urls = ["localstorage://plain", "indexeddb://plain", "localstorage://größe ☃", "indexeddb://größe ☃"]
        infos, trained, _, listed, output = self.browser(
            {"make": "plain", "save": urls[:2]}, {"make": "trained", "trained": True, "save": urls[2:]},
            self.dump("theirs.json"), {"list": True}, {"load": urls[3], "predict": INPUT})
        self.assertEqual(sorted(self.peers.cli("import", "theirs.json")), sorted(urls))
        self.peers.cli("export", "ours.json")
        theirs = self.read("theirs.json")
        self.assert_equal_bytes(theirs, self.read("ours.json"))
        self.assertEqual(len(theirs["localStorage"]), 10)
        ours = self.peers.cli("list")
        for url, info in {**infos, **trained}.items():  # the five figures as TensorFlow.js counts them
            self.assertEqual({key: ours[url][key] for key in info}, info)
        _, relisted, back, _ = self.browser(self.restore("ours.json"), {"list": True},
                                            {"load": urls[3], "predict": INPUT}, self.dump("again.json"))
        self.assertEqual(relisted, listed)
        self.assertEqual(back, output)
        self.assert_equal_bytes(theirs, self.read("again.json"))
        predicted = self.peers.cli("predict", urls[2], "--input", self.peers.write("in.json", [INPUT]))["outputs"][0]
        self.assertLess(max(abs(a - b) for a, b in zip(predicted["values"], output["values"], strict=True)), 1e-6)

    def test_full_local_storage(self):
        """What does not fit is not restored by half: the old model stays whole."""
        fill = "localStorage.setItem('others', 'x'.repeat(5242880 - 6 - 3000 - JSON.stringify(localStorage).length))"
        try_restore = f"({self.restore_script.strip().rstrip(';')}).catch(error => error.message)"
        self.peers.cli("train", "--template", "digits", "--epochs", 1, "--save", "indexeddb://large")
        self.peers.cli("copy", "indexeddb://large", "localstorage://plain")
        self.peers.cli("export", "large.json", "localstorage://plain")
        _, _, _, said, _ = self.browser(
            {"make": "plain", "save": ["localstorage://plain"]}, {"run": fill}, self.dump("before.json"),
            {"script": try_restore, "pick": str(self.folder / "large.json")}, self.dump("after.json"))
        self.assertIn("Nothing was restored", said)
        self.assertEqual(self.read("before.json"), self.read("after.json"))

    def test_ours_in_the_browser(self):
        self.peers.cli("train", "--template", "iris", "--epochs", 5, "--include-optimizer", "--save", "indexeddb://iris")
        self.peers.cli("copy", "indexeddb://iris", "localstorage://iris")
        self.peers.cli("export", "ours.json")
        here = self.peers.cli("predict", "indexeddb://iris", "--input", self.peers.write("in.json", [INPUT]))["outputs"][0]
        _, listed, indexed, local, _ = self.browser(
            self.restore("ours.json"), {"list": True}, {"load": "indexeddb://iris", "predict": INPUT},
            {"load": "localstorage://iris", "predict": INPUT, "save": "indexeddb://saved"}, self.dump("theirs.json"))
        ours = self.peers.cli("list")
        for url in ("indexeddb://iris", "localstorage://iris"):
            self.assertEqual({key: ours[url][key] for key in listed[url]}, listed[url])
        for there in (indexed, local):
            self.assertLess(max(abs(a - b) for a, b in zip(here["values"], there["values"], strict=True)), 1e-6)
        self.peers.cli("import", "theirs.json", "indexeddb://saved")
        self.peers.cli("import", "theirs.json", exit_code=1)  # iris is there already
        self.peers.cli("import", "theirs.json", "--force")

    def test_a_changed_byte_is_seen(self):
        """The comparisons above fail where they should."""
        _, _, output = self.browser({"make": "plain", "save": ["indexeddb://plain"]}, self.dump("theirs.json"),
                                    {"load": "indexeddb://plain", "predict": INPUT})
        theirs, changed = self.read("theirs.json"), self.read("theirs.json")
        data = changed["indexedDB"][0]["stores"][1]["records"][0]["modelArtifacts"]["weightData"]
        weights = bytearray(base64.b64decode(data["$arrayBuffer"]))
        weights[3] ^= 0x80  # the sign of the first kernel value
        data["$arrayBuffer"] = base64.b64encode(weights).decode()
        with self.assertRaises(AssertionError):
            self.assert_equal_bytes(theirs, changed)
        self.peers.write("changed.json", changed)
        _, back = self.browser(self.restore("changed.json"), {"load": "indexeddb://plain", "predict": INPUT})
        self.assertNotEqual(back, output)


if __name__ == "__main__":
    unittest.main(argv=["test_browser.py", *sys.argv[2:]], verbosity=2)
