"""Starts layersmith-server and speaks to it over plain sockets."""
import array
import contextlib
import http.client
import json
import os
import socket
import subprocess
import time


class Server:
    """A server on a free port of 127.0.0.1, ended with the `with` block."""

    def __init__(self, program, *arguments):
        self._command = [str(program), "--port", "0", *map(str, arguments)]
        self.process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.ready = self.process.stdout.readline()
        if not self.ready:
            self.process.wait(10)
            raise RuntimeError(f"{' '.join(self._command)}: {self.process.returncode} {self.process.stderr.read()}")
        self.address = self.ready.split()[-1]
        self.port = int(self.address.rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Asks it to stop; its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        return self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def memory(self):
        """(now, most) in MiB, as the system counts resident memory."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            lines = dict(line.split(":", 1) for line in status)
        return tuple(int(lines[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def connect(self, source="127.0.0.1", timeout=10):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout, source_address=(source, 0))

    def request(self, method, path, body=None, headers=None, source="127.0.0.1"):
        """(status, headers, body) of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(source, 0))
        with contextlib.closing(connection):
            connection.request(method, path, body, headers or {})
            reply = connection.getresponse()
            return reply.status, reply.headers, reply.read()


def soon(condition, seconds=30):
    """Whether it comes true within this time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def read_reply(connection, timeout=10):
    """All bytes until the server closes, or until it says nothing for `timeout`; None when it resets."""
    connection.settimeout(timeout)
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except socket.timeout:
        pass
    except OSError:
        return received or None
    return received


def status_of(reply):
    return int(reply.split(b" ", 2)[1]) if reply and reply.startswith(b"HTTP/1.1 ") else None


BOUNDARY = "----LayersmithTestBoundary"
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def form_parts(model_json, weights_bytes):
    """What stands before and after the weights in a form of model.json and weights of this length."""
    def head(name, kind):
        return (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
                f"Content-Type: {kind}\r\n\r\n").encode()
    before = (head("model.json", "application/json") + model_json + b"\r\n" +
              head("model.weights.bin", "application/octet-stream"))
    after = f"\r\n--{BOUNDARY}--\r\n".encode()
    return before, after, len(before) + weights_bytes + len(after)


def dense_model(units, inputs=512, metadata=None):
    """A model.json as TensorFlow.js writes it, of one Dense layer; its weights take 4 * units * inputs bytes."""
    layer = {"class_name": "Dense", "config": {"units": units, "activation": "linear", "use_bias": False, "name": "d",
                                               "trainable": True, "batch_input_shape": [None, inputs], "dtype": "float32"}}
    return json.dumps({
        "modelTopology": {"class_name": "Sequential", "config": {"name": "sized", "layers": [layer]},
                          "keras_version": "tfjs-layers 4.22.0", "backend": "tensor_flow.js"},
        "format": "layers-model", "generatedBy": "TensorFlow.js tfjs-layers v4.22.0", "convertedBy": None,
        "weightsManifest": [{"paths": ["./model.weights.bin"],
                             "weights": [{"name": "d/kernel", "shape": [inputs, units], "dtype": "float32"}]}],
        **({"userDefinedMetadata": metadata} if metadata else {}),
    }).encode()


def dense_form(value, units=512, inputs=512):
    """A form of a model whose every weight is `value`, and which says so in its metadata."""
    weights = array.array("f", [float(value)]).tobytes() * (units * inputs)
    before, after, _ = form_parts(dense_model(units, inputs, {"generation": value}), len(weights))
    return before + weights + after, weights
