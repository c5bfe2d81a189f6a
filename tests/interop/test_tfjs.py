"""Models go round between layersmith-cli and the real TensorFlow.js, and both compute the same numbers.

usage: test_tfjs.py LAYERSMITH_CLI [unittest arguments]
"""
import json
import pathlib
import random
import sys
import tempfile
import unittest
import urllib.request

from peers import Peers, largest_difference, spread

CLI = pathlib.Path(sys.argv[1]).resolve()

# The arguments of tf.train.NAME for each model. Each makes the loss fall by far more than 30 % in 20 steps, and slowly
# enough for a relative comparison.
OPTIMIZERS = {
    "iris": {"sgd": [0.5], "momentum": [0.1, 0.9], "adam": [0.05], "rmsprop": [0.03, 0.9, 0.2], "adagrad": [0.3],
             "adadelta": [1, 0.9, 0.01]},
    "digits": {"sgd": [0.1], "momentum": [0.02, 0.9], "adam": [0.02]},
}


def separable(shape, classes, samples, noise=0.4, seed=7):
    """Samples around one random centre per class, one-hot labels, in the order of the classes in turn."""
    source = random.Random(seed)
    size = 1
    for axis in shape:
        size *= axis
    centres = [[source.gauss(0, 1) for _ in range(size)] for _ in range(classes)]
    xs, ys = [], []
    for sample in range(samples):
        label = sample % classes
        xs += [round(value + source.gauss(0, noise), 4) for value in centres[label]]
        ys += [1 if label == k else 0 for k in range(classes)]
    return {
        "xs": [{"shape": [samples, *shape], "dtype": "float32", "values": xs}],
        "ys": [{"shape": [samples, classes], "dtype": "float32", "values": ys}],
    }


DATA = {"iris": separable([4], 3, 50), "digits": separable([8, 8, 1], 2, 50, noise=4)}


def branches(samples=48, seed=11):
    """For the model with two inputs: images and facts whose class and size both decide."""
    images, facts = separable([8, 8, 2], 3, samples, noise=1.5, seed=seed), separable([4], 3, samples, seed=seed + 1)
    sizes = [0.5 * facts["xs"][0]["values"][4 * i] - facts["xs"][0]["values"][4 * i + 1] for i in range(samples)]
    return {
        "xs": images["xs"] + facts["xs"],
        "ys": images["ys"] + [{"shape": [samples, 1], "dtype": "float32", "values": sizes}],
    }


class InteropTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="layersmith-interop-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.peers = Peers(CLI, self.folder)

    def make_compiled(self, model, optimizer, save="start", **more):
        settings = {"optimizer": optimizer, "config": OPTIMIZERS[model][optimizer], "loss": "categoricalCrossentropy"}
        return self.peers.tfjs(make=model, seed=3, compile=settings, save=save, includeOptimizer=True, **more)

    def train_here(self, place, data, steps, save, *more):
        file = self.peers.write("data.json", data)
        result = self.peers.cli("train", place, "--data-json", file, "--steps", steps, "--batch-size", 16, "--no-shuffle",
                                "--save", save, "--include-optimizer", *more)
        return [step["loss"] for step in result["steps"]]

    def train_there(self, load, data, steps, save):
        answer = self.peers.tfjs(load=load, fit=dict(data, batchSize=16, steps=steps), save=save, includeOptimizer=True)
        return [step["loss"] for step in answer["steps"]]

    def weights(self, folder):
        return self.peers.tfjs(load=folder, weights=True)["weights"]

    def assert_losses_equal(self, ours, theirs):
        self.assertEqual(len(ours), len(theirs))
        for step, (a, b) in enumerate(zip(ours, theirs)):
            self.assertLessEqual(abs(a - b), 1e-4 * abs(b), f"step {step}: {a} here, {b} in TensorFlow.js")

    def assert_weights_equal(self, ours, theirs):
        self.assertLessEqual(largest_difference(self.weights(ours), self.weights(theirs)), 1e-4)

    def assert_predicts_alike(self, folder, inputs, tolerance=1e-5):
        file = self.peers.write("inputs.json", inputs)
        ours = self.peers.cli("predict", folder, "--input", file)["outputs"]
        theirs = self.peers.tfjs(load=folder, predict=inputs)["outputs"]
        self.assertGreater(spread(theirs), 0.1, "outputs that do not vary prove nothing")
        self.assertLessEqual(largest_difference(ours, theirs), tolerance)


class Predictions(InteropTest):
    """A model made and trained here is loaded by TensorFlow.js and predicts the same."""

    def check_template(self, name, *more):
        self.peers.cli("train", "--template", name, "--epochs", 10, "--seed", 5, *more, "--save", "trained")
        shape = self.peers.cli("info", "trained")["inputs"][0]["shape"][1:]
        self.assert_predicts_alike("trained", separable(shape, 4, 32)["xs"])

    def test_table(self):
        self.check_template("iris")

    def test_two_moons(self):
        self.check_template("twoMoons")

    def test_images(self):
        self.check_template("digits")

    def test_with_optimizer(self):
        self.check_template("iris", "--include-optimizer")
        self.assertIn("trainingConfig", json.loads((self.folder / "trained" / "model.json").read_text()))

    def test_model_of_theirs(self):
        self.make_compiled("digits", "adam", save="theirs", fit=dict(DATA["digits"], batchSize=16, steps=20))
        self.assert_predicts_alike("theirs", DATA["digits"]["xs"])

    def test_a_changed_weight_is_seen(self):
        """The comparison above fails where it should."""
        self.make_compiled("iris", "sgd", save="theirs")
        before = self.peers.tfjs(load="theirs", predict=DATA["iris"]["xs"])["outputs"]
        weights = self.folder / "theirs" / "weights.bin"
        content = bytearray(weights.read_bytes())
        content[3] ^= 0x80  # the sign of the first kernel value
        weights.write_bytes(content)
        file = self.peers.write("inputs.json", DATA["iris"]["xs"])
        ours = self.peers.cli("predict", "theirs", "--input", file)["outputs"]
        self.assertGreater(largest_difference(ours, before), 1e-3)


class Steps(InteropTest):
    """Equal initial weights, 20 steps by both: equal losses and equal final weights."""

    def check(self, model, optimizer, *flags):
        self.make_compiled(model, optimizer)
        theirs = self.train_there("start", DATA[model], 20, "theirs")
        ours = self.train_here("start", DATA[model], 20, "ours", *flags)
        self.assertLessEqual(theirs[-1], 0.7 * theirs[0], "a loss that does not fall proves nothing")
        self.assert_losses_equal(ours, theirs)
        self.assert_weights_equal("ours", "theirs")
        self.assertGreater(largest_difference(self.weights("start"), self.weights("ours")), 1e-2)

    def test_sgd(self):
        self.check("iris", "sgd")

    def test_momentum(self):
        self.check("iris", "momentum")

    def test_adam(self):
        self.check("iris", "adam")

    def test_rmsprop(self):
        self.check("iris", "rmsprop")

    def test_adagrad(self):
        self.check("iris", "adagrad")

    def test_adadelta(self):
        self.check("iris", "adadelta")

    def test_named_on_the_command_line(self):
        self.check("iris", "adam", "--optimizer", "adam", "--learning-rate", "0.05", "--loss", "categoricalCrossentropy")

    def test_images_sgd(self):
        self.check("digits", "sgd")

    def test_images_momentum(self):
        self.check("digits", "momentum")

    def test_images_adam(self):
        self.check("digits", "adam")

    def test_another_rate_is_seen(self):
        """The comparison above fails where it should."""
        with self.assertRaisesRegex(AssertionError, r"step \d+: .* here, .* in TensorFlow.js"):
            self.check("iris", "sgd", "--optimizer", "sgd", "--learning-rate", "0.49", "--loss", "categoricalCrossentropy")


class Continuing(InteropTest):
    """A training begun by one and saved with its optimizer is continued by the other as by itself."""

    def check_begun_there(self, optimizer):
        self.make_compiled("iris", optimizer, fit=dict(DATA["iris"], batchSize=16, steps=10), save="begun")
        theirs = self.train_there("begun", DATA["iris"], 10, "theirs")
        ours = self.train_here("begun", DATA["iris"], 10, "ours")
        self.assert_losses_equal(ours, theirs)
        self.assert_weights_equal("ours", "theirs")

    def check_begun_here(self, optimizer):
        self.make_compiled("iris", optimizer)
        self.train_here("start", DATA["iris"], 10, "begun")
        theirs = self.train_there("begun", DATA["iris"], 10, "theirs")
        ours = self.train_here("begun", DATA["iris"], 10, "ours")
        self.assert_losses_equal(ours, theirs)
        self.assert_weights_equal("ours", "theirs")

    def test_begun_there_with_adam(self):
        self.check_begun_there("adam")

    def test_begun_there_with_momentum(self):
        self.check_begun_there("momentum")

    def test_begun_there_with_rmsprop(self):
        self.check_begun_there("rmsprop")

    def test_begun_there_with_adagrad(self):
        self.check_begun_there("adagrad")

    def test_begun_there_with_adadelta(self):
        self.check_begun_there("adadelta")

    def test_begun_here_with_rmsprop(self):
        self.check_begun_here("rmsprop")

    def test_begun_here_with_adagrad(self):
        self.check_begun_here("adagrad")

    def test_begun_here_with_adadelta(self):
        self.check_begun_here("adadelta")

    def test_adamax_opens_there(self):
        """TensorFlow.js keeps Adamax' settings, but neither saves nor reads what it remembers."""
        self.make_compiled("iris", "sgd")
        self.train_here("start", DATA["iris"], 10, "begun", "--optimizer", "adamax", "--learning-rate", "0.05",
                        "--loss", "categoricalCrossentropy")
        answer = self.peers.tfjs(load="begun", fit=dict(DATA["iris"], batchSize=16, steps=3), save="theirs")
        self.assertEqual(len(answer["steps"]), 3)

    def test_begun_here_with_adam(self):
        self.check_begun_here("adam")

    def test_begun_here_with_momentum(self):
        self.check_begun_here("momentum")

    def test_begun_here_with_sgd(self):
        self.check_begun_here("sgd")


class Graphs(InteropTest):
    """Functional models: several inputs and outputs, shared layers, skip connections."""

    def make(self, save, **more):
        self.peers.tfjs(make="branches", seed=5, save=save, includeOptimizer=True, **more)

    def topology(self, folder):
        return json.loads((self.folder / folder / "model.json").read_text())["modelTopology"]

    def test_there_and_back(self):
        self.make("theirs")
        inputs = branches()["xs"]
        self.assert_predicts_alike("theirs", inputs)
        self.peers.cli("convert", "theirs", "ours", "--no-optimizer")  # read and written anew
        self.assertEqual(self.topology("ours"), self.topology("theirs"))
        self.assert_predicts_alike("ours", inputs)
        self.peers.tfjs(load="ours", save="again")
        self.assertEqual(self.topology("again"), self.topology("theirs"))
        self.assert_predicts_alike("again", inputs)

    def test_steps(self):
        """A loss for each output; the sum of both is what falls."""
        settings = {"optimizer": "sgd", "config": [0.05], "loss": ["categoricalCrossentropy", "meanSquaredError"]}
        self.make("start", compile=settings)
        theirs = self.peers.tfjs(load="start", fit=dict(branches(), batchSize=16, steps=20), save="theirs")["steps"]
        file = self.peers.write("data.json", branches())
        ours = self.peers.cli("train", "start", "--data-json", file, "--steps", 20, "--batch-size", 16, "--no-shuffle", "--save",
                              "ours")["steps"]
        self.assertLessEqual(theirs[-1]["loss"], 0.7 * theirs[0]["loss"], "a loss that does not fall proves nothing")
        for key in ("loss", "kind_loss", "size_loss"):
            self.assert_losses_equal([step[key] for step in ours], [step[key] for step in theirs])
        self.assert_weights_equal("ours", "theirs")
        self.assertGreater(largest_difference(self.weights("start"), self.weights("ours")), 1e-2)


class Saving(InteropTest):
    """What TensorFlow.js' SaveConfig and the converter's quantization give, here as there."""

    def manifest(self, folder):
        return json.loads((self.folder / folder / "model.json").read_text())["weightsManifest"]

    def files(self, folder):
        return b"".join((self.folder / folder / path).read_bytes() for group in self.manifest(folder) for path in group["paths"])

    def names(self, folder):
        return [weight["name"] for group in self.manifest(folder) for weight in group["weights"]]

    def test_save_config(self):
        """includeOptimizer and trainableOnly leave out the same weights in the same order."""
        self.make_compiled("digits", "adam", save="all", fit=dict(DATA["digits"], batchSize=16, steps=3), freeze="Conv2D")
        for mine, theirs, options in ((["--no-optimizer"], {}, "plain"),
                                      (["--no-optimizer", "--trainable-only"], {"trainableOnly": True}, "trainable")):
            self.peers.tfjs(load="all", save=f"theirs-{options}", **theirs)
            self.peers.cli("convert", "all", f"ours-{options}", *mine)
            self.assertEqual(self.names(f"ours-{options}"), self.names(f"theirs-{options}"))
            self.assertEqual(self.files(f"ours-{options}"), self.files(f"theirs-{options}"))
        self.assertGreater(len(self.names("all")), len(self.names("theirs-plain")))
        self.assertGreater(len(self.names("theirs-plain")), len(self.names("theirs-trainable")))

    def test_figures(self):
        """The five figures of a SaveResult."""
        for optimizer in (True, False):
            info = self.peers.tfjs(make="iris", seed=3, compile={"optimizer": "adam", "config": [0.1], "loss": "categoricalCrossentropy"},
                                   save=f"theirs-{optimizer}", includeOptimizer=optimizer)["info"]
            ours = self.peers.cli("convert", f"theirs-{optimizer}", f"indexeddb://ours-{optimizer}")["modelArtifactsInfo"]
            self.assertEqual(set(ours), set(info))
            self.assertEqual({key: ours[key] for key in ours if key != "dateSaved"},
                             {key: info[key] for key in info if key != "dateSaved"})

    def test_quantized(self):
        """TensorFlow.js reads the numbers that we read; one step of uint16 is a finer change than one of uint8."""
        self.make_compiled("digits", "sgd", save="whole", fit=dict(DATA["digits"], batchSize=16, steps=10))
        changes = {}
        for kind in ("float16", "uint16", "uint8"):
            report = self.peers.cli("convert", "whole", kind, "--quantize", kind)["quantization"]
            changes[kind] = report["largestChange"]
            self.assertLess(report["meanChange"], report["largestChange"])
            self.assertEqual({weight.get("quantization", {}).get("dtype") for weight in self.manifest(kind)[0]["weights"]
                              if weight.get("group") != "optimizer"}, {kind})
            self.peers.tfjs(load=kind, save=f"{kind}-theirs")
            self.peers.cli("convert", kind, f"{kind}-ours", "--no-optimizer")
            self.assertEqual(self.files(f"{kind}-ours"), self.files(f"{kind}-theirs"))
            self.assertNotEqual(self.files(f"{kind}-ours"), self.files("whole")[:len(self.files(f"{kind}-ours"))])
            self.assert_predicts_alike(kind, DATA["digits"]["xs"])
        self.assertLess(changes["uint16"], changes["uint8"] / 100)
        only = self.peers.cli("convert", "whole", "kernels", "--quantize", "uint8", "--weights", "*/kernel")["quantization"]
        self.assertTrue(all(weight["name"].endswith("/kernel") for weight in only["weights"]))

    def test_shards(self):
        """Shards of any size are read in their order."""
        self.make_compiled("digits", "sgd", save="whole")
        self.peers.cli("convert", "whole", "sharded", "--shard-bytes", 100)
        self.assertGreater(len(self.manifest("sharded")[0]["paths"]), 3)
        self.assertEqual(self.weights("sharded"), self.weights("whole"))

    def test_picked_files(self):
        """model.json and its shards in any order."""
        self.make_compiled("digits", "sgd", save="whole")
        self.peers.cli("convert", "whole", "sharded", "--shard-bytes", 100)
        files = sorted((self.folder / "sharded").iterdir(), reverse=True)
        self.peers.cli("convert", *files, "back")
        self.assertEqual(self.weights("back"), self.weights("whole"))
        self.peers.cli("convert", *files[:-1], "short", exit_code=4)


class Http(InteropTest):
    """Upload to a server as model.save('http://...') does, and load from it."""

    def test_there_and_back(self):
        self.peers.cli("train", "--template", "iris", "--epochs", 10, "--save", "trained")
        inputs = DATA["iris"]["xs"]
        file = self.peers.write("inputs.json", inputs)
        with self.peers.model_server() as server:
            self.peers.cli("copy", "trained", f"{server}/upload")
            with urllib.request.urlopen(f"{server}/requests") as reply:
                self.assertEqual(json.load(reply), [{"model.json": "application/json",
                                                     "model.weights.bin": "application/octet-stream"}])
            back = self.peers.cli("predict", f"{server}/models/model.json", "--input", file)["outputs"]
            self.peers.cli("copy", f"{server}/models/model.json", "indexeddb://back")
        self.assertEqual(back, self.peers.cli("predict", "trained", "--input", file)["outputs"])
        self.assertEqual(back, self.peers.cli("predict", "indexeddb://back", "--input", file)["outputs"])
        theirs = self.peers.tfjs(load="served", predict=inputs)["outputs"]
        self.assertLessEqual(largest_difference(back, theirs), 1e-5)

    def test_a_page_is_not_a_model(self):
        with self.peers.model_server() as server:
            error = self.peers.cli("info", f"{server}/page", exit_code=4)
        self.assertEqual(error["code"], "E101")

    def test_nobody_answers(self):
        with self.peers.model_server() as server:
            pass
        self.peers.cli("train", "--template", "iris", "--epochs", 1, "--save", "trained")
        self.peers.cli("copy", "trained", f"{server}/upload", exit_code=6)


if __name__ == "__main__":
    unittest.main(argv=["test_tfjs.py", *sys.argv[2:]], verbosity=2)
