"""The real TensorFlow.js, in Chromium and in Node, saves to layersmith-server and loads from it; Chromium to Flask too.

usage: test_server.py LAYERSMITH_SERVER LAYERSMITH_CLI [unittest arguments]
"""
import contextlib
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.request

from peers import HERE, Peers

SERVER, CLI = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])

# Makes `model`, trained a little, and `output`, what it says of `input`.
MODEL = """
const seeded = seed => tf.initializers.glorotNormal({seed});
const model = tf.sequential({name: 'traveller'});
model.add(tf.layers.dense({name: 'hidden', units: 5, inputShape: [4], activation: 'tanh', kernelInitializer: seeded(1)}));
model.add(tf.layers.dense({name: 'out', units: 2, activation: 'softmax', kernelInitializer: seeded(2)}));
model.compile({optimizer: tf.train.adam(0.05), loss: 'categoricalCrossentropy', metrics: ['accuracy']});
model.setUserDefinedMetadata({note: 'größe ☃'});
const input = tf.tensor(Array.from({length: 32}, (_, i) => Math.sin(i * 1.7)), [8, 4]);
await model.fit(input, tf.oneHot(tf.tensor1d([0, 1, 0, 1, 1, 0, 1, 0], 'int32'), 2), {epochs: 3, batchSize: 4, shuffle: false});
const output = Array.from(model.predict(input).dataSync());
"""
INPUT = "const input = tf.tensor(Array.from({length: 32}, (_, i) => Math.sin(i * 1.7)), [8, 4]);"


def save(url, token=None):
    init = f", {{requestInit: {{headers: {{Authorization: 'Bearer {token}'}}}}}}" if token else ""
    return MODEL + f"""
const saved = await model.save(tf.io.http('{url}'{init}), {{includeOptimizer: true}});
const reply = saved.responses[0];
return {{output, status: reply.status, answer: await reply.json().catch(() => null), info: saved.modelArtifactsInfo}};
"""


def load(url, token=None):
    init = f", {{requestInit: {{headers: {{Authorization: 'Bearer {token}'}}}}}}" if token else ""
    return INPUT + f"""
const model = await tf.loadLayersModel('{url}'{init});
return {{output: Array.from(model.predict(input).dataSync()), optimizer: model.optimizer?.getClassName?.() ?? null,
         metadata: model.getUserDefinedMetadata()}};
"""


class ServerInterop(unittest.TestCase):
    host = "chromium"

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="layersmith-interop-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.peers = Peers(CLI, self.folder)

    @contextlib.contextmanager
    def server(self, *arguments):
        command = [SERVER, "--port", "0", "--quiet", *map(str, arguments)]
        environment = dict(os.environ, LAYERSMITH_HOME=str(self.folder / "home"))
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            try:
                yield process.stdout.readline().split()[-1]
            finally:
                process.terminate()

    def run_scripts(self, *scripts):
        file = self.peers.write("scripts.json", scripts)
        done = subprocess.run(["node", str(HERE / "run_scripts.mjs"), self.host, file], capture_output=True, text=True,
                              timeout=600)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def values(self, *scripts):
        answers = self.run_scripts(*scripts)
        for answer in answers:
            self.assertNotIn("error", answer)
        return [answer["value"] for answer in answers]

    def check_round(self, *place):
        """Saved there, loaded back there; the same numbers come out, here too."""
        with self.server("--open", "--cors", "*", *place) as address:
            saved, loaded, again = self.values(save(f"{address}/upload/one"), load(f"{address}/models/one/model.json"),
                                               save(f"{address}/upload/one"))
            self.assertEqual(saved["status"], 200)
            self.assertEqual(saved["answer"]["url"], "/models/one/model.json")
            for figure in ("modelTopologyBytes", "weightSpecsBytes", "weightDataBytes"):
                self.assertEqual(saved["answer"]["modelArtifactsInfo"][figure], saved["info"][figure], figure)
            self.assertGreater(max(saved["output"]) - min(saved["output"]), 0.1)
            self.assertEqual(loaded["output"], saved["output"])
            self.assertEqual(loaded["optimizer"], "Adam")
            self.assertEqual(loaded["metadata"]["note"], "größe ☃")
            self.assertEqual(again["status"], 200)
            self.peers.cli("copy", f"{address}/models/one/model.json", "here")
            # What this program uploads loads there as well.
            self.peers.cli("copy", "here", f"{address}/upload/two")
            (loaded,) = self.values(load(f"{address}/models/two/model.json"))
            self.assertEqual(loaded["output"], self.predicted_here())
        return again["output"]

    def predicted_here(self):
        tensor = {"shape": [8, 4], "dtype": "float32", "values": [math.sin(i * 1.7) for i in range(32)]}
        ours = self.peers.cli("predict", "here", "--input", self.peers.write("input.json", [tensor]))["outputs"][0]["values"]
        theirs = self.peers.tfjs(load="here", predict=[tensor])["outputs"][0]["values"]
        self.assertLessEqual(max(abs(a - b) for a, b in zip(ours, theirs, strict=True)), 1e-5)
        return theirs


class Chromium(ServerInterop):
    def test_folder(self):
        self.check_round("--root", self.folder / "models")

    def test_store(self):
        self.check_round()
        self.assertIn("indexeddb://two", self.peers.cli("list"))

    def test_token(self):
        (self.folder / "token").write_text("secret\n")
        with self.server("--token-file", self.folder / "token", "--cors", "*", "--root", self.folder / "models") as address:
            refused, saved, unread, loaded = self.run_scripts(
                save(f"{address}/upload/one"), save(f"{address}/upload/one", "secret"),
                load(f"{address}/models/one/model.json"), load(f"{address}/models/one/model.json", "secret"))
        self.assertIn("401", refused["error"])
        self.assertEqual(saved["value"]["status"], 200)
        self.assertIn("401", unread["error"])
        self.assertEqual(loaded["value"]["output"], saved["value"]["output"])

    def test_pages_that_are_not_allowed(self):
        with self.server("--open", "--cors", "http://another.example", "--root", self.folder / "models") as address:
            saved, loaded = self.run_scripts(save(f"{address}/upload/one"), load(f"{address}/models/one/model.json"))
        self.assertIn("error", saved)
        self.assertIn("error", loaded)
        self.assertFalse((self.folder / "models" / "one").exists())

    def test_too_large_is_told(self):
        """The page gets the answer although it is still sending."""
        with self.server("--open", "--cors", "*", "--max-body", 100_000, "--root", self.folder / "models") as address:
            (answer,) = self.values(f"""
const form = new FormData();
form.append('model.weights.bin', new Blob([new Uint8Array(8 << 20)]), 'model.weights.bin');
const reply = await fetch('{address}/upload/one', {{method: 'POST', body: form}});
return [reply.status, (await reply.json()).error.code];
""")
        self.assertEqual(answer, [413, "E130"])

    def test_flask(self):
        with self.peers.model_server() as server:
            saved, loaded = self.values(save(f"{server}/upload"), load(f"{server}/models/model.json"))
        self.assertEqual(saved["status"], 200)
        self.assertEqual(loaded["output"], saved["output"])
        with urllib.request.urlopen((self.folder / "served" / "model.json").as_uri()) as stored:
            self.assertEqual(json.load(stored)["weightsManifest"][0]["paths"], ["./model.weights.bin"])


class Node(ServerInterop):
    host = "node"

    def test_folder(self):
        self.check_round("--root", self.folder / "models")

    def test_store(self):
        self.check_round("--store", self.folder / "store.sqlite")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
