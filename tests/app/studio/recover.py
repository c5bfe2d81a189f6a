"""The studio is killed while it trains; started again it offers the training, goes on with it, and saves what it learned.

usage: with-xvfb recover.py LAYERSMITH LAYERSMITH_CLI
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from desktop import activate, soon, wait_for, xdotool

STUDIO, CLI = (str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:3])


def main(home):
    environment = dict(os.environ, LAYERSMITH_HOME=str(home / "home"))
    folder, recovery = home / "model", home / "home" / "recovery"
    subprocess.run([CLI, "train", "--template", "iris", "--epochs", "1", "--save", folder], check=True, env=environment,
                   capture_output=True)
    before = (folder / "weights.bin").read_bytes()

    def checkpoints():
        return list(recovery.glob("*.checkpoint"))

    with subprocess.Popen([STUDIO, folder], env=environment) as studio:
        activate("model.* - Layersmith")
        for _ in range(5):
            xdotool("key", "F5")
            time.sleep(0.3)
            xdotool("key", "F8")  # too late where its 20 epochs, at 20 a second, are over
            if soon(checkpoints, 15):
                break
        wait_for(checkpoints, "a checkpoint")
        os.kill(studio.pid, signal.SIGKILL)
    if len(list(recovery.glob("*.recovery"))) != 1:
        sys.exit("the document is not in the recovery folder")
    with subprocess.Popen([STUDIO, "--template", "xor"], env=environment) as studio:
        try:
            activate("Recovery")
            xdotool("key", "Return")
            activate("model.* - Layersmith")
            xdotool("key", "F5")
            wait_for(lambda: not checkpoints(), "the training goes on to its end")
            xdotool("key", "ctrl+s")
            wait_for(lambda: (folder / "weights.bin").read_bytes() != before, "weights.bin changed")
            wait_for(lambda: not list(recovery.glob("*.recovery")), "nothing is kept of what was saved")
        finally:
            studio.terminate()
    info = subprocess.run([CLI, "info", folder, "--json"], check=True, env=environment, capture_output=True, text=True)
    print(len(json.loads(info.stdout)["result"]["layers"]), "layers, trained on after the kill")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="layersmith-recover-") as folder:
        main(pathlib.Path(folder))
