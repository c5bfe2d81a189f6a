"""A real mouse takes Dropout from the palette, drops it between two layers, and Ctrl+S changes model.json on disk.

usage: with-xvfb mouse_drag.py LAYERSMITH LAYERSMITH_CLI
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from desktop import activate, soon, wait_for, xdotool

STUDIO, CLI = (str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:3])
# Within the window as it opens, in pixels: the palette's filter, the first layer below it, the link before the last layer.
FILTER, FIRST_LAYER, LAST_LINK = (120, 106), (89, 170), (701, 359)


def class_names(folder):
    topology = json.loads((folder / "model.json").read_text())["modelTopology"]
    return [layer["class_name"] for layer in topology["config"]["layers"]]


def drag(window, start, end):
    xdotool("mousemove", "--window", window, *start, "mousedown", 1)
    steps = 20
    for step in range(1, steps + 1):
        x, y = (round(a + (b - a) * step / steps) for a, b in zip(start, end))
        xdotool("mousemove", "--window", window, x, y)
        time.sleep(0.03)
    time.sleep(0.3)
    xdotool("mouseup", 1)


def main(home):
    environment = dict(os.environ, LAYERSMITH_HOME=str(home / "home"))
    folder = home / "model"
    subprocess.run([CLI, "train", "--template", "iris", "--epochs", "2", "--save", folder], check=True, env=environment,
                   capture_output=True)
    before = class_names(folder)
    with subprocess.Popen([STUDIO, folder], env=environment) as studio:
        try:
            window = activate("model.* - Layersmith")
            xdotool("mousemove", "--window", window, *FILTER, "click", 1)
            xdotool("type", "--delay", 30, "Dropout")
            time.sleep(0.5)
            for _ in range(3):
                drag(window, FIRST_LAYER, LAST_LINK)
                if soon(lambda: "*" in xdotool("getwindowname", window), 20):
                    break
            wait_for(lambda: "*" in xdotool("getwindowname", window), "the title shows a change")
            xdotool("key", "ctrl+s")
            wait_for(lambda: class_names(folder) != before, "model.json changed")
        finally:
            studio.terminate()
    after = class_names(folder)
    print(before, "->", after)
    if after != [*before[:-1], "Dropout", before[-1]]:
        sys.exit("Dropout is not before the last layer")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="layersmith-mouse-") as folder:
        main(pathlib.Path(folder))
