"""Attacks on loopback: slow, huge and malformed requests. The server's memory stays below 64 MiB, others are answered within
100 ms (99 of 100), bad lengths are refused, slow peers cut, and an honest upload of 300 MB is stored as it was sent.

usage: test_attack.py LAYERSMITH_SERVER [unittest arguments]
`Probe` runs the probe http_attack.py of the folder LAYERSMITH_SHARED, which takes two minutes.
"""
import contextlib
import hashlib
import multiprocessing
import os
import pathlib
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from serving import BOUNDARY, Server, dense_form, dense_model, form_parts, read_reply, soon, status_of

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
SHARED = os.environ.get("LAYERSMITH_SHARED", "")
MIB = 1 << 20
ATTACKER = "127.0.0.2"  # the pings come from 127.0.0.1
UPLOAD = f"POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n".encode()

BAD_LENGTHS = {
    "negative": b"Content-Length: -5\r\n\r\nhello",
    "letters": b"Content-Length: abc\r\n\r\nhello",
    "plus": b"Content-Length: +5\r\n\r\nhello",
    "space": b"Content-Length: 5 5\r\n\r\nhello",
    "list": b"Content-Length: 5, 6\r\n\r\nhello",
    "hex": b"Content-Length: 0x5\r\n\r\nhello",
    "2^63": b"Content-Length: 9223372036854775808\r\n\r\nhello",
    "2^63-1": b"Content-Length: 9223372036854775807\r\n\r\nhello",
    "2^64+5": b"Content-Length: 18446744073709551621\r\n\r\nhello",
    "two": b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "length and chunks": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "gzip, chunked": b"Transfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "chunk -2": b"Transfer-Encoding: chunked\r\n\r\n-2\r\nabc\r\n0\r\n\r\n",
    "chunk 2^64": b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n",
    "chunk 2^64-16": b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFF0\r\nabc\r\n0\r\n\r\n",
    "chunk of no number": b"Transfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n",
    "long chunk extension": b"Transfer-Encoding: chunked\r\n\r\n5;" + b"x" * 100_000 + b"\r\nhello\r\n0\r\n\r\n",
    "too short": b"Content-Length: 1000\r\n\r\nhello",
}


def ping(port):
    """(milliseconds, whether the answer was right)."""
    started = time.monotonic()
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=3) as connection:
            connection.sendall(b"GET /ping HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            is_right = status_of(read_reply(connection, 3)) == 200
    except OSError:
        is_right = False
    return (time.monotonic() - started) * 1000, is_right


def ping_often(port, idle_port, stopping, results):
    """In a process of its own, so that what the attackers do does not slow its clock."""
    times, idle_times, failures = [], [], 0
    while not stopping.is_set():
        took, is_right = ping(port)
        times.append(took)
        failures += not is_right
        idle_times.append(ping(idle_port)[0])
        stopping.wait(0.02)
    results.put((times, idle_times, failures))


def count_slow(times):
    return sum(time > 100 for time in times)


@contextlib.contextmanager
def pings(port, idle_port, report):
    """Beside each ping goes one to a server that nobody attacks: what slows both is the machine's."""
    stopping, results = multiprocessing.Event(), multiprocessing.Queue()
    process = multiprocessing.Process(target=ping_often, args=(port, idle_port, stopping, results), daemon=True)
    process.start()
    try:
        yield
    finally:
        time.sleep(0.5)  # an attack may leave something behind
        stopping.set()
        times, idle_times, failures = results.get(timeout=60)
        process.join(20)
        times.sort()
        report.update(count=len(times), failures=failures, p99=times[int(len(times) * 0.99)], most=times[-1],
                      slow=count_slow(times), idle_slow=count_slow(idle_times))


def chunked(body):
    pieces = (body[at:at + 1000] for at in range(0, len(body), 1000))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def is_cut(connection):
    connection.setblocking(False)
    try:
        return connection.recv(4096) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


class AttackTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="layersmith-attack-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    @contextlib.contextmanager
    def attacked(self, what, *place):
        place = place or ("--root", self.folder / "models")
        report = {}
        with Server(PROGRAM, "--open", "--quiet", *place) as server, self.idle_server() as idle:
            before = server.memory()[0]
            with pings(server.port, idle.port, report):
                yield server
            most = server.memory()[1]
            print(f"{what}: memory {before:.0f} MiB before, {most:.0f} MiB at most; {report['count']} pings, p99 "
                  f"{report['p99']:.0f} ms, most {report['most']:.0f} ms, {report['failures']} failed, "
                  f"{report['slow']} over 100 ms ({report['idle_slow']} of a server that is left alone)", flush=True)
            self.assertIsNone(server.process.poll(), "the server died")
        self.assertLessEqual(most, 64)
        self.check_pings(report)

    def idle_server(self):
        return Server(PROGRAM, "--open", "--quiet", "--root", self.folder / "idle")

    def check_pings(self, report):
        self.assertEqual(report["failures"], 0)
        self.assertGreater(report["count"], 3)
        # One in a hundred; two may be the machine's own when there were few, and more where an idle server's are slow.
        self.assertLessEqual(report["slow"], max(2, report["count"] / 100) + 2 * report["idle_slow"])


class Uploads(AttackTest):
    def send_large(self, server, megabytes, name="large"):
        """An honest model of this size; (status, sha256 of its weights)."""
        units = megabytes * MIB // 4 // 512
        before, after, length = form_parts(dense_model(units), megabytes * MIB)
        pieces = [os.urandom(MIB) for _ in range(8)]
        digest = hashlib.sha256()
        with server.connect(ATTACKER, 60) as connection:
            head = UPLOAD.replace(b"/upload", f"/upload/{name}".encode())
            connection.sendall(head + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % length + before)
            for number in range(megabytes):
                connection.sendall(pieces[number % 8])
                digest.update(pieces[number % 8])
            connection.sendall(after)
            return status_of(read_reply(connection, 60)), digest.hexdigest()

    def sha256_served(self, server, path):
        digest = hashlib.sha256()
        with server.connect(ATTACKER, 60) as connection:
            connection.sendall(b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % path.encode())
            stream = connection.makefile("rb")
            while stream.readline().strip():
                pass
            while piece := stream.read(MIB):
                digest.update(piece)
        return digest.hexdigest()

    def check_large(self, what, *place):
        with self.attacked(what, *place) as server:
            started = time.monotonic()
            status, sent = self.send_large(server, 300)
            print(f"300 MB stored in {time.monotonic() - started:.2f} s", flush=True)
            self.assertEqual(status, 200)
            self.assertEqual(self.sha256_served(server, "/models/large/model.weights.bin"), sent)
        return sent

    def test_300_mb(self):
        sent = self.check_large("300 MB to a folder")
        with open(self.folder / "models" / "large" / "model.weights.bin", "rb") as stored:
            self.assertEqual(hashlib.file_digest(stored, "sha256").hexdigest(), sent)

    def test_300_mb_to_a_store(self):
        self.check_large("300 MB to a store", "--store", self.folder / "store.sqlite")

    def test_too_large(self):
        """10 GB declared: answered and cut, not swallowed."""
        with self.attacked("too large") as server:
            with server.connect(ATTACKER) as connection:
                connection.sendall(UPLOAD + b"Content-Length: 10737418240\r\n\r\n")
                self.assertEqual(status_of(read_reply(connection, 1)), 413)
            sent, piece = 0, os.urandom(MIB)
            with server.connect(ATTACKER) as connection:
                connection.sendall(UPLOAD + b"Content-Length: 10737418240\r\n\r\n")
                with self.assertRaises(OSError):
                    while sent < 300:
                        connection.sendall(piece)
                        sent += 1
            self.assertLess(sent, 64)

    def test_many_at_once(self):
        """As many uploads as an address may make at once, from three addresses."""
        with self.attacked("96 uploads at once") as server:
            form, _ = dense_form(1)
            statuses = []

            def send(source):
                with server.connect(source, 60) as connection:
                    connection.sendall(UPLOAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(form) + form)
                    statuses.append(status_of(read_reply(connection, 60)))
            threads = [threading.Thread(target=send, args=(f"127.0.0.{2 + n % 3}",)) for n in range(96)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(statuses, [200] * 96)

    def send_uncut(self, server, whole):
        """Its status. While many of the cut connections still wait to be taken in, the address has had its share: 503."""
        give_up = time.monotonic() + 30
        while True:
            status = None
            with contextlib.suppress(OSError), server.connect(ATTACKER) as connection:
                connection.sendall(whole)
                status = status_of(read_reply(connection, 5))
            if status not in (None, 503) or time.monotonic() > give_up:
                return status
            time.sleep(0.2)

    def test_a_broken_upload_leaves_nothing(self):
        """Cut after each of the first bytes of the request, of its form and of its weights, and at 200 points."""
        form, weights = dense_form(1, 64)
        for framing in ("with length", "in chunks"):
            if framing == "with length":
                head, body = UPLOAD + b"Content-Length: %d\r\n\r\n" % len(form), form
            else:
                head, body = UPLOAD + b"Transfer-Encoding: chunked\r\n\r\n", chunked(form)
            whole = head + body
            cuts = {start + n for start in (0, len(head), body.index(weights[:64]) + len(head)) for n in range(65)}
            cuts |= {len(whole) - n for n in range(1, 65)}
            cuts |= set(random.Random(7).sample(range(len(whole)), 200))
            with self.attacked(f"{len(cuts)} uploads cut, {framing}") as server:
                for cut in sorted(cuts):
                    with server.connect(ATTACKER) as connection:
                        connection.sendall(whole[:cut])
                    while server.descriptors() > 30:  # it shall not be its limits that end them
                        time.sleep(0.01)
                staging = self.folder / "models" / ".staging"
                give_up = time.monotonic() + 20
                while list(staging.iterdir()) and time.monotonic() < give_up:
                    time.sleep(0.05)
                self.assertEqual(list(staging.iterdir()), [])
                self.assertEqual(server.request("GET", "/models")[2], b'{"models":[]}')
                self.assertEqual({path.name for path in (self.folder / "models").iterdir()}, {".staging"})
                self.assertEqual(self.send_uncut(server, whole), 200)  # the same bytes
                self.assertEqual(server.request("DELETE", "/models/sized")[0], 200)
            shutil.rmtree(self.folder / "models")


class Malformed(AttackTest):
    def test_bad_lengths(self):
        with self.attacked("bad lengths") as server:
            for name, rest in BAD_LENGTHS.items():
                with server.connect(ATTACKER) as connection:
                    connection.sendall(UPLOAD + rest)
                    connection.shutdown(socket.SHUT_WR)
                    reply = read_reply(connection, 5)
                    self.assertIn(status_of(reply), {400, 413, 422, 431, 501}, f"{name}: {reply}")
                    # Nothing after the bad request is taken for another one.
                    self.assertEqual(reply.count(b"HTTP/1.1 "), 1, f"{name}: {reply}")

    def test_long_headers(self):
        endless = {"one field": b"X: " + b"a" * MIB, "fields": b"".join(b"X-%d: aaaaaaaa\r\n" % n for n in range(60_000))}
        with self.attacked("endless headers") as server:
            for name, piece in endless.items():
                sent = 0
                with server.connect(ATTACKER) as connection, self.assertRaises(OSError, msg=name):
                    connection.sendall(b"GET /ping HTTP/1.1\r\n")
                    while sent < 200 * MIB:
                        connection.sendall(piece)
                        sent += len(piece)
                self.assertLess(sent, 64 * MIB, name)
            for count, status in ((90, 200), (101, 431)):
                with server.connect(ATTACKER) as connection:
                    fields = b"".join(b"X-%d: a\r\n" % n for n in range(count))
                    connection.sendall(b"GET /ping HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + fields + b"\r\n")
                    self.assertEqual(status_of(read_reply(connection)), status)

    def test_noise(self):
        """Random bytes, and good requests with bytes changed, are refused or answered; the server lives."""
        source = random.Random(11)
        good = UPLOAD + b"Content-Length: 300\r\n\r\n" + form_parts(dense_model(1, 1), 4)[0]
        with self.attacked("noise") as server:
            for number in range(300):
                noise = bytearray(source.randbytes(200) if number % 3 == 0 else good)
                for _ in range(source.randrange(1, 6)):
                    noise[source.randrange(len(noise))] = source.randrange(256)
                with server.connect(ATTACKER) as connection:
                    connection.sendall(noise)
                    connection.shutdown(socket.SHUT_WR)
                    reply = read_reply(connection, 10)
                    self.assertIn(status_of(reply) if reply else None, {None, 400, 401, 403, 404, 405, 408, 411, 413, 415,
                                                                        417, 421, 422, 431, 501, 505}, bytes(noise))


class SlowPeers(AttackTest):
    def test_all_are_cut(self):
        """Header, body and reply at a byte a second, and silence: all are cut in their time."""
        with self.attacked("slow peers") as server:
            server.request("PUT", "/upload/served", dense_form(1, 8192)[0],
                           {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
            peers = []
            for number in range(30):
                for kind, opening in (("header", UPLOAD + b"X-a: "), ("body", UPLOAD + b"Content-Length: 1000000\r\n\r\n"),
                                      ("silence", b""),
                                      ("reply", b"GET /models/served/model.weights.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")):
                    connection = server.connect(f"127.0.0.{3 + number % 15}")
                    if kind == "reply":
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                    connection.sendall(opening)
                    peers.append((kind, connection))
            started, cut_at = time.monotonic(), {}
            while peers and time.monotonic() - started < 25:
                time.sleep(1)
                for kind, connection in list(peers):
                    if kind == "reply":
                        # Reading nothing at all: the server must notice by itself.
                        cut = server_has_closed(server, connection)
                    else:
                        cut = is_cut(connection)
                    if not cut and kind in ("header", "body"):
                        with contextlib.suppress(OSError):
                            connection.setblocking(True)
                            connection.sendall(b"b")
                    if cut:
                        cut_at.setdefault(kind, []).append(time.monotonic() - started)
                        connection.close()
                        peers.remove((kind, connection))
            print("; ".join(f"{kind}: {len(times)} cut after {min(times):.0f} to {max(times):.0f} s"
                            for kind, times in cut_at.items()), flush=True)
            self.assertEqual([kind for kind, _ in peers], [])
            self.assertEqual({kind: len(times) for kind, times in cut_at.items()},
                             {"header": 30, "body": 30, "silence": 30, "reply": 30})

    def test_a_slow_but_steady_upload_is_taken(self):
        form, _ = dense_form(1, 100)  # 200 KiB in 13 s: 15 KiB a second
        with self.attacked("steady upload") as server, server.connect(ATTACKER) as connection:
            connection.sendall(UPLOAD + b"Content-Length: %d\r\n\r\n" % len(form))
            step = len(form) // 13
            for at in range(0, len(form), step):
                connection.sendall(form[at:at + step])
                time.sleep(1)
            self.assertEqual(status_of(read_reply(connection, 3)), 200)


def server_has_closed(server, connection):
    """Whether the server's end of this connection is gone from the system's list of established ones."""
    local, remote = (f":{end[1]:04X}" for end in (connection.getsockname(), connection.getpeername()))
    with open("/proc/net/tcp", encoding="ascii") as table:
        for line in table:
            fields = line.split()
            if fields[1].endswith(remote) and fields[2].endswith(local):
                return fields[3] != "01"
    return True


def is_turned_away(server, source):
    """Answered 503 unasked. One that is let in says nothing."""
    with server.connect(source) as surplus:
        return status_of(read_reply(surplus, 1)) == 503


class Connections(AttackTest):
    def test_limit_of_an_address(self):
        """33 of one address: the last is turned away, others still come in, and room is made again."""
        with self.attacked("connections of one address") as server:
            held = [server.connect(ATTACKER) for _ in range(32)]
            self.assertTrue(soon(lambda: is_turned_away(server, ATTACKER)))
            held.pop().close()
            self.assertTrue(soon(lambda: server.request("GET", "/ping", source=ATTACKER)[0] == 200))
            for connection in held:
                connection.close()

    def test_limit_of_all(self):
        with Server(PROGRAM, "--open", "--quiet", "--root", self.folder / "models") as server:
            held = [server.connect(f"127.0.1.{1 + number // 30}") for number in range(256)]
            self.assertTrue(soon(lambda: is_turned_away(server, "127.0.0.9")))
            for connection in held:
                connection.close()
            self.assertTrue(soon(lambda: server.request("GET", "/ping")[0] == 200))


@unittest.skipUnless(SHARED, "LAYERSMITH_SHARED is not set")
class Probe(AttackTest):
    def test_http_attack(self):
        """The project's probe, which knows nothing of this server, while others ask too."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-u", f"{SHARED}/probes/http_attack.py", str(port), PROGRAM, "--open", "--quiet",
                   "--root", self.folder / "models", "--port", str(port)]
        lines, report = [], {}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as probe:
            self.addCleanup(probe.kill)
            lines.append(probe.stdout.readline())  # the server listens
            with self.idle_server() as idle, pings(port, idle.port, report):
                for line in probe.stdout:
                    lines.append(line)
                    if line.startswith("B2 "):  # 16 s of idle connections follow; then the probe ends the server
                        break
            lines += probe.stdout
            self.assertEqual(probe.wait(60), 0)
        said = "".join(lines)
        print(said, f"{report['count']} pings, p99 {report['p99']:.0f} ms", flush=True)
        self.check_pings(report)
        self.assertNotIn("swallowed", said)
        self.assertNotIn("died", said)
        refused = re.findall(r"^C (?!short)(.*)", said, re.M)
        self.assertEqual(len(refused), 11)
        for line in refused:
            self.assertRegex(line, r"HTTP/1.1 [45]\d\d")
        self.assertRegex(said, r"(?m)^A 300MB multipart .* HTTP/1.1 422 ")  # its {} is no model, but it is taken in
        self.assertRegex(said, r"(?m)^A2 10GB declared: cut after \d+ MB")
        memory = [int(most) for most in re.findall(r"\(\d+, (\d+), \d+, \d+\)", said)]
        self.assertGreater(len(memory), 10)
        self.assertLessEqual(max(memory), 64)
        for name in ("B loris header", "B2 slow body", "B3 idle"):
            self.assertRegex(said, rf"(?m)^{name}.*(still open|open) 0\b")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
