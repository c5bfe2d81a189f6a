"""SIGKILL at random moments of uploads: afterwards the old model or the new one is there, whole, never older than one that
was acknowledged, and nothing is left in staging. LAYERSMITH_LONG=1: 1,000 kills for each kind of place.

usage: test_kill.py LAYERSMITH_SERVER [unittest arguments]
"""
import http.client
import json
import os
import pathlib
import random
import sys
import tempfile
import threading
import time
import unittest

from serving import FORM, Server, dense_form

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
KILLS = 1000 if os.environ.get("LAYERSMITH_LONG") == "1" else 40


class Tally:
    def __init__(self):
        self.kills = self.whole = self.half = self.mixed = self.lost = self.debris = 0
        self.generation = 0

    def __str__(self):
        return (f"{self.kills} kills: {self.whole} whole, {self.half} half, {self.mixed} mixed, {self.lost} lost, "
                f"{self.debris} left in staging; {self.generation} generations")


def stored_generation(server):
    """The generation of the whole model the server has, 0 when it has none; 'half' or 'mixed' otherwise."""
    status, _, text = server.request("GET", "/models/model/model.json")
    if status == 404:
        return 0
    try:
        model = json.loads(text)
        generation = model["userDefinedMetadata"]["generation"]
        (path,) = model["weightsManifest"][0]["paths"]
    except (ValueError, KeyError):
        return "half"
    status, _, weights = server.request("GET", f"/models/model/{path.removeprefix('./')}")
    _, expected = dense_form(generation)
    if status != 200 or len(weights) != len(expected):
        return "half"
    return generation if weights == expected else "mixed"


class KillTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="layersmith-kill-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.random = random.Random(5)

    def upload_until_killed(self, server, tally, acknowledged):
        """Uploads one generation after the other; the time of the first spreads the kill over a whole upload."""
        started = time.monotonic()
        generation, killer = tally.generation, None
        try:
            while True:
                generation += 1
                form, _ = dense_form(generation)
                status, _, _ = server.request("POST", "/upload/model", form, FORM)
                self.assertEqual(status, 200)
                acknowledged = generation
                if killer is None:
                    wait = self.random.uniform(0, (time.monotonic() - started) * 1.25)
                    killer = threading.Timer(wait, server.kill)
                    killer.start()
        except (OSError, http.client.HTTPException):
            pass  # killed
        killer.join()
        tally.generation = generation
        return acknowledged

    def check(self, staging, *place):
        tally, acknowledged = Tally(), 0
        while True:
            server = Server(PROGRAM, "--open", "--quiet", *place)
            if tally.kills:
                tally.debris += len(list(staging.iterdir()))
                found = stored_generation(server)
                if found in ("half", "mixed"):
                    setattr(tally, found, getattr(tally, found) + 1)
                elif found < acknowledged:
                    tally.lost += 1
                else:
                    tally.whole += 1
            if tally.kills == KILLS:
                server.stop()
                break
            acknowledged = self.upload_until_killed(server, tally, acknowledged)
            tally.kills += 1
        print(f"{place[0]}: {tally}", flush=True)
        self.assertEqual(tally.whole, KILLS, str(tally))
        self.assertEqual(tally.half + tally.mixed + tally.lost + tally.debris, 0, str(tally))
        self.assertGreater(tally.generation, KILLS)

    def test_folder(self):
        self.check(self.folder / "models" / ".staging", "--root", self.folder / "models")
        left = {entry.name for entry in (self.folder / "models").iterdir()}
        # At most what the last kill left, which the next save removes.
        self.assertLessEqual(left, {"model", ".staging", ".model.layersmith-saving"})

    def test_store(self):
        self.check(self.folder / "store.sqlite.staging", "--store", self.folder / "store.sqlite")

    def test_a_mixed_model_is_seen(self):
        """The judge above is not blind."""
        with Server(PROGRAM, "--open", "--quiet", "--root", self.folder) as server:
            for generation in (1, 2):
                form, weights = dense_form(generation)
                self.assertEqual(server.request("POST", "/upload/model", form, FORM)[0], 200)
            self.assertEqual(stored_generation(server), 2)
            stored = self.folder / "model" / "model.weights.bin"
            stored.write_bytes(dense_form(1)[1])
            self.assertEqual(stored_generation(server), "mixed")
            stored.write_bytes(weights[:-1])
            self.assertEqual(stored_generation(server), "half")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
