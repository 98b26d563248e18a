"""Draws a small synthetic pair of street scenes with label maps, and registers it with a gateway by uploading it.

Pure Python: a scene is painted row by row, and a PNG is zlib and a few headers. The sets are only large enough to show the services at
work; ./intrada data generate draws streets that look like streets.
"""

import base64
import hashlib
import json
import random
import struct
import zlib

from contracts import gateway

WIDTH, HEIGHT = 80, 48
CLASSES = ["road", "sidewalk", "building", "sky", "vegetation", "car"]
ROAD, SIDEWALK, BUILDING, SKY, VEGETATION, CAR = range(len(CLASSES))
RARE = [CAR]

# Colours as a game would paint them; a camera sees the same world darker, greyer and noisier.
PALETTE = [(128, 64, 128), (244, 35, 232), (70, 70, 70), (70, 130, 180), (107, 142, 35), (0, 0, 142)]
PAINT = {ROAD: (96, 96, 100), SIDEWALK: (170, 160, 150), BUILDING: (150, 110, 90), SKY: (130, 180, 240), VEGETATION: (60, 140, 60), CAR: (190, 40, 40)}
SETS = {"source": ("game", 0, 16), "target": ("camera", 1000, 24), "validation": ("camera", 2000, 8)}

# Uploads are cut into pieces of at most 1 MiB.
CHUNK = 512 * 1024


def png(width, height, channels, rows):
    """A PNG of 8 bits a sample, greyscale (1 channel) or RGB (3)."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0 if channels == 1 else 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def scene(domain, seed):
    """A scene as the bytes of its image and of its label map."""
    chance = random.Random(seed)
    horizon = chance.randint(HEIGHT * 2 // 5, HEIGHT // 2)
    middle = chance.randint(WIDTH * 2 // 5, WIDTH * 3 // 5)
    labels = [[SKY] * WIDTH for _ in range(horizon)]
    for y in range(horizon, HEIGHT):
        depth = (y - horizon + 1) / (HEIGHT - horizon)
        half, kerb = depth * WIDTH * 0.42, depth * WIDTH * 0.12
        labels.append([ROAD if abs(x - middle) < half else SIDEWALK if abs(x - middle) < half + kerb else VEGETATION for x in range(WIDTH)])
    x = 0
    while x < WIDTH:
        wide = chance.randint(6, 16)
        top = chance.randint(2, horizon - 2) if abs(x + wide / 2 - middle) > 8 else horizon
        kind = BUILDING if chance.random() < 0.7 else VEGETATION
        fill(labels, x, x + wide, top, horizon, kind)
        x += wide
    for _ in range(chance.randint(1, 3)):
        foot = chance.randint(horizon + 4, HEIGHT - 2)
        size = (foot - horizon + 3) // 2
        left = middle + chance.randint(-size * 2, size) - size // 2
        fill(labels, left, left + size * 2, foot - size, foot, CAR)
    hard = domain == "camera" and chance.random() < 0.5
    light, grey, noise = (1.0, 0.0, 4) if domain == "game" else (0.4, 0.4, 22) if hard else (0.8, 0.25, 10)
    rows = []
    for line in labels:
        row = bytearray()
        for label in line:
            paint = PAINT[label]
            mean = sum(paint) / 3
            shade = chance.gauss(0, noise)
            row += bytes(max(0, min(255, int(light * ((1 - grey) * part + grey * mean) + shade))) for part in paint)
        rows.append(bytes(row))
    return png(WIDTH, HEIGHT, 3, rows), png(WIDTH, HEIGHT, 1, [bytes(line) for line in labels]), hard


def fill(labels, left, right, top, bottom, kind):
    for y in range(max(top, 0), min(bottom, HEIGHT)):
        for x in range(max(left, 0), min(right, WIDTH)):
            labels[y][x] = kind


def upload(stub, content, media_type):
    """Stores bytes; the reference that comes back names them."""
    header = gateway.UploadHeader(sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content), media_type=media_type)
    pieces = (gateway.UploadArtifactRequest(chunk=content[at : at + CHUNK]) for at in range(0, len(content), CHUNK))
    return stub.UploadArtifact(iter([gateway.UploadArtifactRequest(header=header), *pieces])).artifact


def register(stub, role, seed):
    """Draws, uploads and registers one of the sets; the target has no labels."""
    domain, first, count = SETS[role]

    def stored(content):
        reference = upload(stub, content, "image/png")
        return {"path": reference.key, "sha256": reference.sha256, "sizeBytes": reference.size_bytes}

    items = []
    for number in range(first, first + count):
        image, label, hard = scene(domain, seed * 10_000 + number)
        item = {"id": f"{number:04d}", "image": stored(image), "attributes": {}}
        if domain == "camera":
            item["attributes"] = {"condition": "dusk" if hard else "day", "hard": "true" if hard else "false"}
        if role != "target":
            item["label"] = stored(label)
        items.append(item)
    manifest = {
        "format": "intrada.dataset/1",
        "name": f"python-streets-{role}",
        "classes": {"names": CLASSES, "palette": base64.b64encode(bytes(part for colour in PALETTE for part in colour)).decode(), "rareTrainIds": RARE},
        "items": items,
    }
    if role != "target":
        manifest["labels"] = {"channel": 0}
    reference = upload(stub, json.dumps(manifest).encode(), "application/vnd.intrada.dataset+json")
    return stub.RegisterDataset(gateway.RegisterDatasetRequest(name=manifest["name"], manifest=reference)).dataset
