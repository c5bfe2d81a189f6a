"""A real window under a real mouse and keyboard, for the scripts of this folder."""
import pathlib
import subprocess
import sys
import time


def xdotool(*arguments):
    done = subprocess.run(["xdotool", *map(str, arguments)], check=True, capture_output=True, text=True, timeout=60)
    return done.stdout.strip()


def soon(condition, seconds):
    """Whether it comes true within this time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def wait_for(condition, what, seconds=60):
    if not soon(condition, seconds):
        picture = pathlib.Path(sys.argv[0]).stem + "-failed.png"
        subprocess.run(["import", "-window", "root", picture])
        sys.exit(f"{what}: not within {seconds} s; see {picture}")


def activate(title):
    """The window with this title, in front. One that was just shown may not be known to the window manager yet."""
    window = xdotool("search", "--sync", "--onlyvisible", "--name", title).split()[0]

    def is_activated():
        try:
            xdotool("windowactivate", "--sync", window)
        except subprocess.CalledProcessError:
            return False
        return True

    wait_for(is_activated, f"{title} comes to the front")
    time.sleep(1)
    return window
