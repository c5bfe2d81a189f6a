"""A model store over HTTP on Flask, the kind model.save('http://...') talks to.

POST /upload            a multipart form with the parts model.json and model.weights.bin
GET  /models/FILE       what was stored
GET  /requests          the content types of the parts, as they came
GET  /page              a web page, which is not a model

usage: model_server.py FOLDER      listens on a free port of 127.0.0.1 and prints the address
"""
import pathlib
import sys

from flask import Flask, abort, jsonify, request, send_from_directory
from werkzeug.serving import make_server

PARTS = ("model.json", "model.weights.bin")
folder = pathlib.Path(sys.argv[1]).resolve()
app = Flask(__name__)
uploads = []


@app.post("/upload")
def upload():
    if missing := [part for part in PARTS if part not in request.files]:
        abort(400, f"missing: {', '.join(missing)}")
    uploads.append({part: request.files[part].mimetype for part in PARTS})
    folder.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        request.files[part].save(folder / part)
    return jsonify({"stored": list(PARTS)})


@app.get("/models/<path:part>")
def download(part):
    return send_from_directory(folder, part)


@app.after_request
def allow_pages(reply):
    reply.headers["Access-Control-Allow-Origin"] = "*"
    return reply


@app.get("/requests")
def requests():
    return jsonify(uploads)


@app.get("/page")
def page():
    return "<!DOCTYPE html><title>Not a model</title>"


server = make_server("127.0.0.1", 0, app)
print(f"http://127.0.0.1:{server.port}", flush=True)
server.serve_forever()
