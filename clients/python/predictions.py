"""Streams images to a gateway and writes what comes back; shared by adapt.py and predict.py."""

import pathlib
import queue
import sys

from contracts import gateway, segmenter

# So many images travel at once: enough to keep the network busy, few enough to stay small in memory.
IN_FLIGHT = 4
SUFFIXES = {".png", ".jpg", ".jpeg"}


def find_images(paths):
    """Files, and all images in folders, in the order of their names; and how many paths are not there."""
    images, missing = [], 0
    for path in map(pathlib.Path, paths):
        if path.is_dir():
            images += sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
        elif path.is_file():
            images.append(path)
        else:
            missing += 1
            print(f"{path}: there is no such file or folder", file=sys.stderr)
    return images, missing


def stream(stub, workflow_id, images, out):
    """Writes NAME_labels.png (8-bit train ids) and NAME_entropy.png of each image; returns how many could not be segmented."""
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    room = queue.Queue()
    for _ in range(IN_FLIGHT):
        room.put(None)

    def requests():
        yield gateway.StreamPredictRequest(
            options=gateway.PredictionOptions(
                model=gateway.WorkflowModel(workflow_id=workflow_id),
                outputs=segmenter.PredictionOptions(label_map=True, entropy_map=True),
            )
        )
        for number, path in enumerate(images):
            room.get()
            yield gateway.StreamPredictRequest(image=segmenter.ImageInput(id=str(number), content=path.read_bytes()))

    failed = 0
    for response in stub.StreamPredict(requests()):
        room.put(None)
        result = response.result
        path = images[int(result.id)]
        if result.WhichOneof("outcome") != "prediction":
            failed += 1
            print(f"{path}: {result.error.message}", file=sys.stderr)
            continue
        prediction = result.prediction
        name = f"{int(result.id):04d}-{path.stem}"
        (out / f"{name}_labels.png").write_bytes(prediction.label_map)
        (out / f"{name}_entropy.png").write_bytes(prediction.entropy_map)
        print(f"{path}: {prediction.size.width}x{prediction.size.height}, mean entropy {prediction.entropy:.3f}", flush=True)
    return failed
