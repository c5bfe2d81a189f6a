#!/usr/bin/python3
"""Trains the same network from equal weights on equal batches here and in PyTorch; prints the losses of both.

usage: loss_parity.py LAYERSMITH_CLI [--workloads W2,W3s,W4,W5] [--steps 50] [--threads 1]

The weights are PyTorch's first ones, saved as TensorFlow.js keeps them (model.json, weights.bin), so that reading them is part
of what is compared; `layersmith-cli train --data-json` trains on them. Adam on both sides with learning rate 0.001, beta 0.9 and
0.999, epsilon 1e-7: both add epsilon to the root of the bias-corrected second moment, but PyTorch's default is 1e-8. PyTorch's
second bias of an LSTM is zero and stays so: TensorFlow.js has one. The losses differ a little by what TensorFlow.js clips.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch
from torch import nn

EPSILON = 1e-7
LEARNING_RATE = 1e-3
BATCHES = 4


class ChannelsLastFlatten(nn.Module):
    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


class Lstm(nn.LSTM):
    """Gives the last output; its second bias is zero and stays so."""

    def __init__(self, inputs, units):
        super().__init__(inputs, units, batch_first=True)
        with torch.no_grad():
            self.bias_hh_l0.zero_()
        self.bias_hh_l0.requires_grad_(False)

    def forward(self, x):
        return super().forward(x)[0][:, -1]


def dense(inputs, units, activation):
    return nn.Linear(inputs, units), "Dense", {"units": units, "activation": activation}


def conv(inputs, filters, size, padding="valid"):
    module = nn.Conv2d(inputs, filters, size, padding=size // 2 if padding == "same" else 0)
    return module, "Conv2D", {"filters": filters, "kernel_size": [size, size], "padding": padding, "activation": "relu"}


def pool():
    return nn.MaxPool2d(2), "MaxPooling2D", {"pool_size": [2, 2], "strides": [2, 2]}


def flatten():
    return ChannelsLastFlatten(), "Flatten", {}


def lstm(inputs, units):
    return Lstm(inputs, units), "LSTM", {"units": units, "recurrent_activation": "sigmoid"}


# name -> batch, input shape as TensorFlow.js has it, layers
WORKLOADS = {
    "W2": (128, [784], lambda: [dense(784, 512, "relu"), dense(512, 512, "relu"), dense(512, 10, "softmax")]),
    "W3s": (64, [28, 28, 1], lambda: [conv(1, 8, 5), pool(), conv(8, 16, 5), pool(), flatten(), dense(256, 10, "softmax")]),
    "W4": (32, [32, 32, 3], lambda: [
        conv(3, 32, 3, "same"), conv(32, 32, 3, "same"), pool(), conv(32, 64, 3, "same"), conv(64, 64, 3, "same"), pool(),
        flatten(), dense(4096, 512, "relu"), dense(512, 10, "softmax")]),
    "W5": (32, [80, 32], lambda: [lstm(32, 128), dense(128, 1, "sigmoid")]),
}


def as_tensorflow(module):
    """(name, array) of a module's weights, laid out as TensorFlow.js has them."""
    if isinstance(module, nn.Linear):
        return [("kernel", module.weight.T), ("bias", module.bias)]
    if isinstance(module, nn.Conv2d):
        return [("kernel", module.weight.permute(2, 3, 1, 0)), ("bias", module.bias)]
    if isinstance(module, nn.LSTM):  # gates in the same order: input, forget, cell, output
        return [("kernel", module.weight_ih_l0.T), ("recurrent_kernel", module.weight_hh_l0.T), ("bias", module.bias_ih_l0)]
    return []


def save_model(folder, shape, layers):
    configs, specs, data = [], [], b""
    for number, (module, class_name, config) in enumerate(layers):
        name = f"{class_name.lower()}_{number + 1}"
        config = dict(config, name=name, trainable=True)
        if number == 0:
            config["batch_input_shape"] = [None, *shape]
        configs.append({"class_name": class_name, "config": config})
        for role, values in as_tensorflow(module):
            array = numpy.ascontiguousarray(values.detach().numpy(), dtype="<f4")
            specs.append({"name": f"{name}/{role}", "shape": list(array.shape), "dtype": "float32"})
            data += array.tobytes()
    topology = {"class_name": "Sequential", "config": {"name": "sequential", "layers": configs},
                "keras_version": "tfjs-layers 4.22.0", "backend": "tensor_flow.js"}
    manifest = [{"paths": ["weights.bin"], "weights": specs}]
    folder.mkdir()
    (folder / "weights.bin").write_bytes(data)
    (folder / "model.json").write_text(json.dumps({"modelTopology": topology, "format": "layers-model",
                                                   "weightsManifest": manifest}))


def torch_losses(layers, x, y, batch, steps):
    """Losses of PyTorch, whose activations of the last layer are within its loss."""
    modules = []
    for module, _, config in layers:
        modules.append(module)
        if config.get("activation") == "relu":
            modules.append(nn.ReLU())
    model = nn.Sequential(*modules)
    loss_of = nn.CrossEntropyLoss() if y.shape[1] > 1 else nn.BCEWithLogitsLoss()
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], LEARNING_RATE, eps=EPSILON)
    inputs = x.permute(0, 3, 1, 2).contiguous() if x.dim() == 4 else x
    losses = []
    for step in range(steps):
        at = slice(step % BATCHES * batch, (step % BATCHES + 1) * batch)
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model(inputs[at]), y[at].argmax(1) if y.shape[1] > 1 else y[at])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def own_losses(arguments, folder, x, y, batch):
    tensors = {key: [{"shape": list(t.shape), "dtype": "float32", "values": t.flatten().tolist()}] for key, t in (("xs", x), ("ys", y))}
    data = folder / "data.json"
    data.write_text(json.dumps(tensors))
    command = [arguments.cli, "train", str(folder / "model"), "--data-json", str(data), "--steps", str(arguments.steps),
               "--batch-size", str(batch), "--optimizer", "adam", "--learning-rate", str(LEARNING_RATE),
               "--loss", "categoricalCrossentropy" if y.shape[1] > 1 else "binaryCrossentropy",
               "--threads", str(arguments.threads), "--json"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("OPENBLAS_", "OMP_", "GOMP_"))}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    answer = json.loads(done.stdout)
    if not answer["ok"]:
        raise RuntimeError(answer["error"]["message"])
    return [step["loss"] for step in answer["result"]["steps"]]


def compare(arguments, name):
    batch, shape, make = WORKLOADS[name]
    torch.manual_seed(1)
    layers = make()
    x = torch.rand(BATCHES * batch, *shape) * 2 - 1
    classes = layers[-1][2]["units"]
    labels = torch.randint(0, max(classes, 2), (len(x),))
    y = nn.functional.one_hot(labels, classes).float() if classes > 1 else labels.float().reshape(-1, 1)
    with tempfile.TemporaryDirectory() as folder:
        save_model(pathlib.Path(folder) / "model", shape, layers)  # before PyTorch changes the weights
        ours = own_losses(arguments, pathlib.Path(folder), x, y, batch)
    theirs = torch_losses(layers, x, y, batch, arguments.steps)
    farthest = max(abs(a - b) / abs(b) for a, b in zip(ours, theirs))
    print(f"{name:4}  {ours[0]:<10.6g} {theirs[0]:<10.6g}  {ours[-1]:<12.6g} {theirs[-1]:<12.6g}  {farthest:.1e}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cli")
    parser.add_argument("--workloads", default=",".join(WORKLOADS))
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print(f"      loss at step 1         loss at step {arguments.steps:<14} farthest apart, relative")
    print("      ours       PyTorch     ours         PyTorch")
    for name in arguments.workloads.split(","):
        try:
            compare(arguments, name)
        except RuntimeError as fault:
            print(f"{name:4}  {fault}")


if __name__ == "__main__":
    sys.exit(main())
