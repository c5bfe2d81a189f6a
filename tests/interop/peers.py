"""Starts the programs that go round with each other: layersmith-cli, TensorFlow.js in Node, and a Flask model store."""
import contextlib
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


class Peers:
    """All work happens in one folder, with a store of its own."""

    def __init__(self, cli, folder):
        self._cli = str(cli)
        self.folder = pathlib.Path(folder)
        self._commands = 0

    def cli(self, *arguments, exit_code=0):
        """Runs layersmith-cli with --json; its result, or its error where another exit code is expected."""
        environment = dict(os.environ, LAYERSMITH_HOME=str(self.folder / "home"))
        command = [self._cli, *map(str, arguments), "--json"]
        done = subprocess.run(command, env=environment, cwd=self.folder, capture_output=True, text=True, timeout=400)
        if done.returncode != exit_code:
            raise AssertionError(f"{' '.join(command)}\nexit code {done.returncode}, not {exit_code}\n{done.stdout}\n{done.stderr}")
        answer = json.loads(done.stdout)
        return answer["result"] if exit_code == 0 else answer["error"]

    def tfjs(self, **command):
        """Runs tfjs.mjs; paths are within the folder."""
        for key in ("load", "save"):
            if key in command:
                command[key] = str(self.folder / command[key])
        file = self.write(f"command-{self._commands}.json", command)
        done = subprocess.run(["node", str(HERE / "tfjs.mjs"), file], capture_output=True, text=True, timeout=400)
        if done.returncode != 0:
            raise AssertionError(f"node tfjs.mjs: {done.stderr}")
        return json.loads(done.stdout)

    def write(self, name, value):
        """A JSON file in the folder; its path."""
        self._commands += 1
        path = self.folder / name
        path.write_text(json.dumps(value))
        return str(path)

    @contextlib.contextmanager
    def model_server(self):
        """The Flask store over the folder `served`; gives its address."""
        command = [sys.executable, str(HERE / "model_server.py"), str(self.folder / "served")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            try:
                yield server.stdout.readline().strip()
            finally:
                server.terminate()


def largest_difference(ours, theirs):
    """Over two equally long lists of tensors."""
    assert [t["shape"] for t in ours] == [t["shape"] for t in theirs], (ours, theirs)
    return max(abs(a - b) for x, y in zip(ours, theirs) for a, b in zip(x["values"], y["values"], strict=True))


def spread(tensors):
    """How far apart the values of the tensors are; near 0 would make any comparison worthless."""
    values = [value for tensor in tensors for value in tensor["values"]]
    return max(values) - min(values)
