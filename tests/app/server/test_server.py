"""layersmith-server as its clients meet it: options, HTTP over plain sockets, tokens, TLS, CORS, stopping.

usage: test_server.py LAYERSMITH_SERVER [LAYERSMITH_CLI] [unittest arguments]
"""
import email.utils
import json
import os
import pathlib
import signal
import ssl
import stat
import subprocess
import sys
import tempfile
import time
import unittest

from serving import BOUNDARY, FORM, Server, dense_form, read_reply, soon, status_of

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
CLI = pathlib.Path(sys.argv[2]).resolve()


class ServerTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="layersmith-server-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def open_server(self, *arguments):
        return Server(PROGRAM, "--open", "--root", self.folder / "models", *arguments)

    def raw(self, server, text, wait=2):
        with server.connect() as connection:
            connection.sendall(text.encode() if isinstance(text, str) else text)
            return read_reply(connection, wait)

    def run_to_end(self, *arguments):
        done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=20)
        return done.returncode, done.stderr


class Options(ServerTest):
    def test_sense(self):
        root = ("--root", self.folder)
        for arguments, said in (
                ((*root, "--open", "--host", "0.0.0.0"), "loopback"),
                ((*root,), "--token-file"),
                ((*root, "--open", "--token-file", "x"), "not both"),
                ((*root, "--store", "x", "--open"), "not both"),
                ((*root, "--token-file", self.folder / "t", "--host", "0.0.0.0"), "--tls-cert"),
                ((*root, "--open", "--tls-cert", "x"), "go together"),
                ((*root, "--open", "--port", "70000"), "70000"),
                ((*root, "--open", "--cors", "localhost"), "http://localhost:1234"),
                ((*root, "--open", "--cors", "http://a.example/page"), "http://localhost:1234"),
                ((*root, "--nonsense"), "--nonsense")):
            code, text = self.run_to_end(*arguments)
            self.assertEqual(code, 2, text)
            self.assertIn(said, text)

    def test_a_port_that_is_taken(self):
        with self.open_server() as server:
            code, text = self.run_to_end("--open", "--root", self.folder / "other", "--port", server.port)
        self.assertEqual(code, 6)
        self.assertIn(str(server.port), text)

    def test_a_place_that_is_taken(self):
        with self.open_server():
            code, text = self.run_to_end("--open", "--root", self.folder / "models", "--port", 0)
        self.assertEqual(code, 8)
        self.assertIn("Another server", text)

    def test_ready_line(self):
        with self.open_server() as server:
            self.assertRegex(server.ready, r"^layersmith-server listens on http://127\.0\.0\.1:\d+\n$")

    def test_the_command_line_serves_too(self):
        environment = dict(os.environ, LAYERSMITH_HOME=str(self.folder / "home"))
        process = subprocess.Popen([CLI, "serve", "--open", "--port", "0"], stdout=subprocess.PIPE, text=True, env=environment,
                                   stderr=subprocess.DEVNULL)
        address = process.stdout.readline().split()[-1]
        trained = subprocess.run([CLI, "train", "--template", "iris", "--epochs", "1", "--save", f"{address}/upload/iris"],
                                 env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(trained.returncode, 0, trained.stderr)
        process.terminate()
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 0)
        # What came by HTTP is in the catalog of every program.
        listed = subprocess.run([CLI, "list", "--json"], env=environment, capture_output=True, text=True, timeout=60)
        self.assertIn("indexeddb://iris", json.loads(listed.stdout)["result"])

    def test_with_json_standard_output_is_one_object(self):
        environment = dict(os.environ, LAYERSMITH_HOME=str(self.folder / "home"))
        command = [CLI, "serve", "--open", "--port", "0", "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
            self.assertIn("listens on", process.stderr.readline())
            process.terminate()
            said, _ = process.communicate(timeout=20)
        self.assertTrue(json.loads(said)["ok"])

    def test_the_command_line_lists_and_removes(self):
        environment = dict(os.environ, LAYERSMITH_HOME=str(self.folder / "home"))

        def run(*arguments):
            done = subprocess.run([CLI, *arguments, "--json"], env=environment, capture_output=True, text=True, timeout=60)
            return done.returncode, json.loads(done.stdout)

        with self.open_server() as server:
            address = f"http://127.0.0.1:{server.port}"
            code, _ = run("train", "--template", "iris", "--epochs", "1", "--save", f"{address}/upload/iris")
            self.assertEqual(code, 0)
            code, answer = run("list", address)
            self.assertEqual((code, list(answer["result"])), (0, [f"{address}/models/iris/model.json"]))
            entry = answer["result"][f"{address}/models/iris/model.json"]
            self.assertGreater(entry["weightDataBytes"], 500)
            code, answer = run("remove", f"{address}/models/iris/model.json")
            self.assertNotEqual(code, 0)
            self.assertIn("cannot be taken back", answer["error"]["message"])
            self.assertEqual(len(run("list", address)[1]["result"]), 1)
            for wrong in ("/models/iris/model.json?key=1", "/iris/model.json", "/elsewhere/models/iris/model.json"):
                code, answer = run("remove", address + wrong, "--permanent")
                self.assertNotEqual(code, 0)
                self.assertIn("Nothing was removed", answer["error"]["message"])
            self.assertEqual(len(run("list", address)[1]["result"]), 1)
            self.assertEqual(run("remove", f"{address}/models/iris/model.json", "--permanent")[0], 0)
            self.assertEqual(run("list", address)[1]["result"], {})
        code, answer = run("list", address)
        self.assertEqual(code, 6)
        self.assertIn("127.0.0.1", answer["error"]["message"])


class Http(ServerTest):
    def test_keep_alive(self):
        """100 requests on one connection, then it is closed."""
        with self.open_server() as server:
            reply = self.raw(server, "GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n" * 120)
            self.assertEqual(reply.count(b"HTTP/1.1 200"), 100)
            self.assertEqual(reply.count(b"Connection: close"), 1)
            self.assertEqual(reply.count(b'{"ok":true}'), 100)

    def test_http_1_0_closes(self):
        with self.open_server() as server:
            reply = self.raw(server, "GET /ping HTTP/1.0\r\nHost: localhost\r\n\r\n")
            self.assertIn(b"Connection: close", reply)

    def test_head_has_no_body(self):
        with self.open_server() as server:
            reply = self.raw(server, "HEAD /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            self.assertTrue(reply.endswith(b"\r\n\r\n"), reply)
            self.assertIn(b"Content-Length: 11", reply)

    def test_continue(self):
        form, _ = dense_form(1, 1, 1)
        head = (f"POST /upload HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: {len(form)}\r\n"
                f"Connection: close\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n").encode()
        with self.open_server() as server:
            with server.connect() as connection:
                connection.sendall(head)
                connection.settimeout(5)
                self.assertEqual(connection.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
                connection.sendall(form)
                self.assertEqual(status_of(read_reply(connection)), 200)
            # What is refused is refused before the body is asked for.
            too_long = head.replace(str(len(form)).encode(), b"10737418240")
            self.assertEqual(status_of(self.raw(server, too_long)), 413)
            self.assertEqual(status_of(self.raw(server, head.replace(b"100-continue", b"a-miracle"))), 417)

    def test_odd_requests(self):
        get = "GET /ping HTTP/1.1\r\n"
        with self.open_server() as server:
            for text, status in (
                    (get + "\r\n", 400), (get + "Host: localhost\r\nHost: localhost\r\n\r\n", 400),
                    (get + "Host: evil.example\r\n\r\n", 421), ("http://localhost/ping HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                    (get + "Host: localhost\r\nContent-Length: 3\r\n\r\nabc" + get + "Host: localhost\r\n\r\n", 200), ("NONSENSE\r\n\r\n", 400),
                    ("GET /models/a\0/model.json HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                    ("GET /models/a HTTP/1.1\r\nHost: localhost\r\nX: \0\r\n\r\n", 400),
                    ("GET /ping HTTP/2.0\r\nHost: localhost\r\n\r\n", 400), ("\x16\x03\x01\x02\x00\x01\x00", 400),
                    ("GET /ping?token=secret HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 200)):
                reply = self.raw(server, text)
                self.assertEqual(status_of(reply), status, f"{text!r}: {reply}")
                self.assertIn(b"X-Content-Type-Options: nosniff", reply)
                self.assertEqual(reply.count(b"HTTP/1.1 "), 1, f"{text!r}: {reply}")

    def test_whole_addresses(self):
        """As proxies are asked: the host in the address is the request's, whatever the Host field says."""
        with self.open_server() as server:
            for target, host, status in (
                    ("http://localhost/ping", "localhost", 200), ("HTTP://127.0.0.1:8080/ping?a=/b", "localhost", 200),
                    ("http://localhost/ping", "evil.example", 200), ("http://evil.example/ping", "localhost", 421),
                    ("https://localhost?a", "localhost", 404), ("http://localhost@evil.example/ping", "localhost", 421),
                    ("http:///ping", "localhost", 400), ("ftp://localhost/ping", "localhost", 400), ("ping", "localhost", 400)):
                reply = self.raw(server, f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
                self.assertEqual(status_of(reply), status, f"{target}: {reply}")

    def test_every_answer_has_a_date(self):
        with self.open_server() as server:
            for path in ("/ping", "/nothing", "/models/a"):
                date = email.utils.parsedate_to_datetime(server.request("GET", path)[1]["Date"])
                self.assertLess(abs(date.timestamp() - time.time()), 120)

    def test_http_1_0_gets_no_continue(self):
        form, _ = dense_form(1, 1, 1)
        with self.open_server() as server:
            reply = self.raw(server, (f"POST /upload HTTP/1.0\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: {len(form)}\r\n"
                                      f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n").encode() + form)
            self.assertNotIn(b"100 Continue", reply)
            self.assertEqual(status_of(reply), 200)

    def test_ranges_and_etags(self):
        form, weights = dense_form(3)
        with self.open_server() as server:
            self.assertEqual(server.request("PUT", "/upload/m", form, FORM)[0], 200)
            path = "/models/m/model.weights.bin"
            status, headers, body = server.request("GET", path)
            self.assertEqual((status, body), (200, weights))
            again = server.request("GET", path, headers={"If-None-Match": headers["ETag"]})
            self.assertEqual((again[0], again[2]), (304, b""))
            joined = b""
            for start in range(0, len(weights), 300_000):
                part = server.request("GET", path, headers={"Range": f"bytes={start}-{start + 299_999}",
                                                            "If-Range": headers["ETag"]})
                self.assertEqual(part[0], 206)
                joined += part[2]
            self.assertEqual(joined, weights)
            head = server.request("HEAD", path)
            self.assertEqual((head[0], head[1]["Content-Length"], head[2]), (200, str(len(weights)), b""))

    def test_log_tells_no_secrets(self):
        server = Server(PROGRAM, "--open", "--root", self.folder / "models")
        server.request("GET", "/models?token=SECRET", headers={"Authorization": "Bearer SECRET", "X-Note": "SECRET"})
        server.process.terminate()
        _, log = server.process.communicate(timeout=20)
        self.assertRegex(log, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 127\.0\.0\.1 [0-9a-f]{32} GET 200 0 \d+$")
        self.assertNotIn("SECRET", log)


class Tokens(ServerTest):
    def test_made_token(self):
        file = self.folder / "token"
        process = subprocess.Popen([PROGRAM, "--port", "0", "--root", self.folder / "m", "--token-file", file],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        address = process.stdout.readline().split()[-1]
        token = process.stderr.readline().split()[-1]
        self.assertRegex(token, r"^[A-Za-z0-9_-]{43}$")
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        self.assertNotIn(token, file.read_text())
        environment = dict(os.environ, TEST_TOKEN=token, LAYERSMITH_HOME=str(self.folder / "home"))
        command = [CLI, "train", "--template", "iris", "--epochs", "1", "--save", f"{address}/upload/iris"]
        refused = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(refused.returncode, 6, refused.stderr)
        command += ["--auth-env", "TEST_TOKEN"]
        for options, code in (([], 0), ([], 1), (["--force"], 0)):  # a model that is there is replaced when asked to
            taken = subprocess.run([*command, *options], env=environment, capture_output=True, text=True, timeout=60)
            self.assertEqual(taken.returncode, code, taken.stderr)
            if code == 1:
                self.assertIn("Nothing was trained", taken.stderr)
        # Neither the command line, nor a core file, nor what was written gives the token away.
        self.assertRegex(pathlib.Path(f"/proc/{process.pid}/limits").read_text(), r"Max core file size +0 +0 ")
        self.assertNotIn(token, pathlib.Path(f"/proc/{process.pid}/cmdline").read_text())
        process.terminate()
        self.assertNotIn(token, process.communicate(timeout=20)[1])
        self.assertNotIn(token, refused.stdout + refused.stderr + taken.stdout + taken.stderr)
        self.assertNotIn(token, " ".join(map(str, command)))
        # Not in the store, the client's home, the token file, or anything else that either program wrote.
        written = [path for path in self.folder.rglob("*") if path.is_file()]
        self.assertGreater(len(written), 2)
        for path in written:
            self.assertNotIn(token.encode(), path.read_bytes(), path)

    def test_guessing_is_stopped(self):
        (self.folder / "token").write_text("right\n")
        with Server(PROGRAM, "--root", self.folder / "m", "--token-file", self.folder / "token") as server:
            guess = lambda token, source="127.0.0.1": server.request("GET", "/models", source=source,
                                                                     headers={"Authorization": f"Bearer {token}"})[0]
            self.assertEqual([guess("wrong") for _ in range(12)], [401] * 10 + [429] * 2)
            self.assertEqual(guess("right"), 429)
            self.assertEqual(guess("right", "127.0.0.2"), 200)
            # A refused upload is not read: the answer comes before its body.
            with server.connect("127.0.0.3") as connection:
                connection.sendall(b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n"
                                   b"Content-Type: multipart/form-data; boundary=B\r\n\r\n")
                self.assertEqual(status_of(read_reply(connection, 1)), 401)
            self.assertEqual([path for path in (self.folder / "m").iterdir() if path.name != ".staging"], [])

    def test_a_shared_token_file_is_warned_of(self):
        (self.folder / "token").write_text("right\n")
        (self.folder / "token").chmod(0o644)
        server = Server(PROGRAM, "--root", self.folder / "m", "--token-file", self.folder / "token")
        server.process.terminate()
        self.assertIn("others can read", server.process.communicate(timeout=20)[1])


class Pages(ServerTest):
    def test_cors(self):
        page = "http://localhost:1234"
        with self.open_server("--cors", page, "--cors", "http://other.example/") as server:
            asked = server.request("OPTIONS", "/upload/m", headers={
                "Origin": page, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"})
            self.assertEqual(asked[0], 204)
            self.assertEqual(asked[1]["Access-Control-Allow-Origin"], page)
            self.assertIn("Authorization", asked[1]["Access-Control-Allow-Headers"])
            form, _ = dense_form(1, 1, 1)
            sent = server.request("POST", "/upload/m", form, {**FORM, "Origin": page})
            self.assertEqual((sent[0], sent[1]["Access-Control-Allow-Origin"]), (200, page))
            evil = server.request("POST", "/upload/m", form, {**FORM, "Origin": "http://evil.example"})
            self.assertEqual((evil[0], evil[1]["Access-Control-Allow-Origin"]), (403, None))


class Tls(ServerTest):
    def certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-subj", "/CN=models.example", "-addext", "subjectAltName=DNS:models.example,IP:127.0.0.1", "-days", "2",
                        "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"], check=True, capture_output=True)
        (self.folder / "token").write_text("right\n")
        return ("--tls-cert", self.folder / "cert.pem", "--tls-key", self.folder / "key.pem", "--token-file", self.folder / "token")

    def connect(self, server, **limits):
        context = ssl.create_default_context(cafile=self.folder / "cert.pem")
        for name, value in limits.items():
            setattr(context, name, value)
        return context.wrap_socket(server.connect(), server_hostname="127.0.0.1")

    def test_upload_over_tls(self):
        form, weights = dense_form(2)
        with Server(PROGRAM, *self.certificate(), "--root", self.folder / "m", "--host", "127.0.0.1") as server:
            self.assertTrue(server.address.startswith("https://"))
            with self.connect(server) as connection:
                self.assertIn(connection.version(), ("TLSv1.2", "TLSv1.3"))
                connection.sendall(f"PUT /upload/m HTTP/1.1\r\nHost: models.example\r\nContent-Length: {len(form)}\r\n"
                                   f"Content-Type: {FORM['Content-Type']}\r\nAuthorization: Bearer right\r\n\r\n".encode() + form)
                self.assertEqual(status_of(read_reply(connection, 3)), 421)  # not a name it goes by
            with self.connect(server) as connection:
                connection.sendall(f"PUT /upload/m HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(form)}\r\n"
                                   f"Content-Type: {FORM['Content-Type']}\r\nAuthorization: Bearer right\r\n\r\n".encode() + form)
                connection.settimeout(10)
                self.assertEqual(status_of(connection.recv(65536)), 200)
                connection.sendall(b"GET /models/m/model.weights.bin HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                   b"Authorization: Bearer right\r\nConnection: close\r\n\r\n")
                reply = read_reply(connection)
                self.assertEqual(reply.split(b"\r\n\r\n", 1)[1], weights)

    def test_old_tls_is_refused(self):
        with Server(PROGRAM, *self.certificate(), "--root", self.folder / "m") as server:
            with self.assertRaises(OSError):
                self.connect(server, minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1)
            # A client that speaks no TLS is cut, and so is one that says nothing.
            self.assertFalse(status_of(self.raw(server, "GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n")))
            with server.connect(timeout=60) as silent:
                started = time.monotonic()
                self.assertIn(read_reply(silent, 60), (b"", None))
                self.assertLess(time.monotonic() - started, 40)

    def test_damaged_certificate(self):
        self.certificate()
        (self.folder / "cert.pem").write_text("nonsense")
        code, text = self.run_to_end("--root", self.folder / "m", "--port", 0, "--token-file", self.folder / "token",
                                     "--tls-cert", self.folder / "cert.pem", "--tls-key", self.folder / "key.pem")
        self.assertEqual(code, 4)
        self.assertIn("cert.pem", text)


def staged(root):
    """What is on its way into the folder, and has no name yet."""
    folder = root / ".staging"
    return list(folder.iterdir()) if folder.exists() else []


def refuses(server):
    try:
        server.connect(timeout=2).close()
    except OSError:
        return True
    return False


class Proxies(ServerTest):
    def test_clients_are_told_apart(self):
        """Behind a proxy, wrong tokens stop the client that sent them; what a client says of itself is not believed."""
        (self.folder / "token").write_text("right-token-of-a-test\n")
        (self.folder / "token").chmod(0o600)
        options = ("--root", self.folder / "models", "--token-file", self.folder / "token", "--quiet")

        def ask(server, token, client):
            return server.request("GET", "/models", headers={"Authorization": f"Bearer {token}",
                                                             "X-Forwarded-For": client})[0]

        with Server(PROGRAM, *options, "--trusted-proxy", "127.0.0.1") as server:
            for number in range(10):
                self.assertEqual(ask(server, "wrong", f"10.0.0.{number}, 203.0.113.5"), 401)
            self.assertEqual(ask(server, "right-token-of-a-test", "203.0.113.5"), 429)
            self.assertEqual(ask(server, "right-token-of-a-test", "203.0.113.5, 203.0.113.6"), 200)
            self.assertEqual(ask(server, "right-token-of-a-test", "no address"), 200)  # the proxy's own
        with Server(PROGRAM, *options) as server:  # nobody said that it is one
            for number in range(10):
                self.assertEqual(ask(server, "wrong", f"10.0.0.{number}"), 401)
            self.assertEqual(ask(server, "right-token-of-a-test", "10.0.0.99"), 429)
        code, text = self.run_to_end("--open", "--root", self.folder / "m", "--port", "0", "--trusted-proxy", "nginx")
        self.assertEqual(code, 2, text)
        self.assertIn("nginx is no address", text)


class Stopping(ServerTest):
    def test_requests_under_way_end(self):
        form, _ = dense_form(1)
        with self.open_server() as server:
            idle = server.connect()
            connection = server.connect()
            connection.sendall(f"POST /upload/m HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(form)}\r\n"
                               f"Content-Type: {FORM['Content-Type']}\r\n\r\n".encode() + form[:5000])
            self.assertTrue(soon(lambda: staged(self.folder / "models")), "the upload is under way")
            server.process.send_signal(signal.SIGTERM)
            self.assertTrue(soon(lambda: refuses(server)))
            self.assertEqual(read_reply(idle, 20), b"")
            connection.sendall(form[5000:])
            reply = read_reply(connection)
            self.assertEqual(status_of(reply), 200)
            self.assertIn(b"Connection: close", reply)
            self.assertEqual(server.stop(), 0)
        self.assertTrue((self.folder / "models" / "m" / "model.json").is_file())
        self.assertEqual(list((self.folder / "models" / ".staging").iterdir()), [])

    def test_a_stuck_request_does_not_hold_it(self):
        with self.open_server() as server:
            stuck = server.connect()
            stuck.sendall(b"POST /upload HTTP/1.1\r\n")
            time.sleep(0.2)
            started = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - started, 40)
            stuck.close()

    def test_end_with_standard_input(self):
        process = subprocess.Popen([PROGRAM, "--open", "--port", "0", "--root", self.folder / "m", "--end-with-stdin"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.assertIn("listens", process.stdout.readline())
        process.stdin.close()
        self.assertEqual(process.wait(10), 0)
        process.stdout.close()

    def test_a_log_nobody_reads_stops_nothing(self):
        server = Server(PROGRAM, "--open", "--root", self.folder / "m")  # its standard error is a pipe
        for _ in range(40):
            reply = self.raw(server, "GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100)
            self.assertEqual(reply.count(b"HTTP/1.1 200"), 100)
        server.process.terminate()
        server.process.communicate(timeout=20)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
