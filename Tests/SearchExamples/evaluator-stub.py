"""An evaluator that trains nothing: evaluator-stub.py [MODE] [LOG]

Qualities are functions of the candidate. Modes are faults. Each request it answers is a line of LOG.
"""
import hashlib
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import time

MODE = sys.argv[1] if len(sys.argv) > 1 else "good"
LOG = sys.argv[2] if len(sys.argv) > 2 and sys.argv[2] else None


def say(**message):
    print(json.dumps(message), flush=True)


def number(request):
    """Of the candidate and the attempt, from 0 to 1."""
    text = json.dumps(request.get("candidate"), sort_keys=True)
    digest = hashlib.sha256(f"{text} {request['attempt']}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def quality(request):
    text = json.dumps(request.get("candidate"), sort_keys=True)
    wide = text.count("wdsr-a") + 0.1 * text.count("pattern")
    return 30 + wide + int(hashlib.sha256(text.encode()).hexdigest()[:4], 16) / 65536


def evaluate(request):
    identifier = request["id"]
    if MODE == "crash" and number(request) < 0.2:
        print("out of luck", file=sys.stderr, flush=True)
        os._exit(9)
    if MODE == "always-crash":
        print("no data set\nnothing to train on", file=sys.stderr, flush=True)
        sys.exit(3)
    if MODE == "garbage":
        print("epoch 1 of 10", flush=True)
    if MODE == "other-id":
        identifier = "another"
    if MODE == "silent":
        time.sleep(1000)
    if MODE == "grandchild":
        subprocess.Popen(["sleep", "1000"]).wait()
    if MODE == "endless":
        while True:
            say(type="progress", id=identifier, step=1, value=1)
            time.sleep(0.05)
    if MODE == "no-end":
        sys.stdout.write("x" * (3 << 20))
        sys.stdout.flush()
        time.sleep(1000)
    if MODE == "invalid":
        return say(type="failed", id=identifier, kind="invalid", message="no such block", retry=False)
    if MODE == "once" and request["attempt"] == 1:
        return say(type="failed", id=identifier, kind="outOfMemory", message="2 GB", retry=True)
    if MODE == "nan":
        return say(type="result", id=identifier, quality={"psnrY": float("nan")})
    if MODE == "infinite":
        return print(json.dumps({"type": "result", "id": identifier}).replace(
            "}", ', "quality": {"psnrY": 1e999}}'), flush=True)
    if MODE in ("slow", "crash"):
        time.sleep(0.02)
    say(type="progress", id=identifier, step=request.get("fidelity"), value=1.5)
    if LOG:
        with open(LOG, "a") as log:
            log.write(f"{identifier} {request['attempt']} {request['seed']}\n")
    say(type="result", id=identifier, quality={"psnrY": quality(request), "ssimY": 0.9},
        steps=request.get("fidelity"), seconds=0.1, weights=request["checkpoint"] + "/weights.safetensors")


def write_weights(path, tensors):
    """Float32 tensors by name: (shape, numbers)."""
    header, data = {}, b""
    for name, (shape, numbers) in sorted(tensors.items()):
        packed = struct.pack(f"<{len(numbers)}f", *numbers)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    text = json.dumps(header).encode()
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def dense_weights(candidate):
    """Numbers from 0.1 to 1 in the shapes of the candidate without pruning."""
    channels, scale = candidate["channels"], candidate["scale"]
    shapes = {"head": [channels, 3, 3, 3], "tail": [3 * scale**2, channels, 3, 3], "skip": [3 * scale**2, 3, 5, 5]}
    for index, cell in enumerate(candidate["cells"]):
        kernels = [3, 3] if cell["block"] == "wdsr-a" else [1, 1, 3]
        sizes = [channels] + cell["middle"] + [channels]
        for layer, kernel in enumerate(kernels):
            shapes[f"cell{index}.conv{layer}"] = [sizes[layer + 1], sizes[layer], kernel, kernel]
    tensors, draw = {}, random.Random(1)
    for name, shape in shapes.items():
        count = shape[0] * shape[1] * shape[2] * shape[3]
        tensors[f"{name}.weight"] = (shape, [draw.uniform(0.1, 1) for _ in range(count)])
        tensors[f"{name}.bias"] = ([shape[0]], [0.5] * shape[0])
    return tensors


def prune(request):
    """What stage 3 asks for."""
    path = request["checkpoint"] + "/weights.safetensors"
    if request["type"] == "retrain":
        shutil.copy(request["weights"], path)
    else:
        write_weights(path, dense_weights(request["candidate"]))
    if LOG:
        with open(LOG, "a") as log:
            log.write(f"{request['id']} {request['attempt']} {request['seed']}\n")
    say(type="result", id=request["id"], quality={"psnrY": 30 + len(request["id"]) / 10}, weights=path)


for line in sys.stdin:
    request = json.loads(line)
    if request["type"] == "hello":
        assert request["protocol"] == 1 and request["space"]["family"] in ("wdsr", "splitsr")
        say(type="ready", protocol=1, name="stub", version="1", device="cpu",
            metric="ssimY" if MODE == "other-metric" else "psnrY", direction="maximize", fidelities=[600])
    elif MODE == "prune" and request["type"] != "bye":
        prune(request)
    elif request["type"] == "evaluate":
        evaluate(request)
    elif request["type"] == "prepare":
        say(type="result", id=request["id"], quality={}, weights=request["checkpoint"] + "/weights.safetensors")
    elif request["type"] == "bye":
        break
