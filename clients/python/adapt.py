#!/usr/bin/env python3
"""Creates a two-step adaptation workflow, watches it to its end, and streams predictions.

Without --source and --target it draws a small synthetic pair of its own and uploads it, so that nothing need be there beforehand; its
figures mean nothing. Data sets are named as they are registered (./intrada data list), or by a folder that the services can read.
"""

import argparse
import json
import pathlib
import re
import sys
import time
import uuid

import contracts
import predictions
import streets
import grpc
from contracts import artifacts, gateway, trainer

FINAL = {gateway.WORKFLOW_STATE_SUCCEEDED, gateway.WORKFLOW_STATE_FAILED, gateway.WORKFLOW_STATE_CANCELLED}
ROLES = ("source", "target", "validation")
# Enough on the drawn pair to see every stage at work.
FEW_ITERATIONS = {"source": 40, "inter": 40, "intra": 20}


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    contracts.add_arguments(parser)
    for role in ROLES:
        missing = "without it nothing is measured" if role == "validation" else "without it a small pair is drawn"
        parser.add_argument(f"--{role}", metavar="NAME|DIR", help=f"registered {role} set, or a folder that the services can read; {missing}")
    parser.add_argument("--layout", default="plain", help="layout of folders: plain, camvid, cityscapes, ... (default: plain)")
    parser.add_argument("--network", default="compact", help="default: compact")
    parser.add_argument("--seed", type=int, default=1)
    for stage in ("source", "inter", "intra"):
        parser.add_argument(f"--iterations-{stage}", type=int, metavar="N", help="default: the network's recipe; few on the drawn pair")
    parser.add_argument("--skip-controls", action="store_true", help="leave out the equal-iteration controls")
    parser.add_argument("--images", nargs="*", default=[], metavar="IMAGE", help="images to predict (default: a few of the validation set, else of the target)")
    parser.add_argument("--out", default="python-adaptation", metavar="DIR", help="folder for report and predictions")
    arguments = parser.parse_args()
    if (arguments.source is None) != (arguments.target is None) or (arguments.validation and arguments.source is None):
        parser.error("name --source and --target (and --validation, where there are labels), or none of them")
    return arguments


def list_datasets(stub):
    found, token = [], ""
    while True:
        page = stub.ListDatasets(gateway.ListDatasetsRequest(page_size=500, page_token=token))
        found += page.datasets
        token = page.next_page_token
        if not token:
            return found


def choose_datasets(stub, arguments):
    """The data sets by role: drawn, or those that were named."""
    if arguments.source is None:
        print("no data set is named: drawing a small synthetic pair", flush=True)
        chosen = {role: streets.register(stub, role, arguments.seed) for role in ROLES}
    else:
        registered = {dataset.name: dataset for dataset in list_datasets(stub)}
        named = {role: getattr(arguments, role) for role in ROLES}
        chosen = {role: find(stub, registered, role, name, arguments.layout) for role, name in named.items() if name is not None}
    for role, dataset in chosen.items():
        print(f"{role}: {dataset.name}, {dataset.images} images", flush=True)
    return chosen


def find(stub, registered, role, name, layout):
    """A data set by its name, or by its folder, which is registered."""
    if name in registered:
        return registered[name]
    path = pathlib.Path(name)
    if not path.is_dir():
        sys.exit(f"--{role} {name} is neither a registered data set ({', '.join(registered) or 'none is'}) nor a folder")
    folder = gateway.DirectoryDataset(path=str(path.resolve()), layout=layout, ignore_labels=role == "target")
    stem = re.sub(r"[^a-z0-9._-]", "-", path.resolve().name.lower())
    # As a stream: reading a large folder takes longer than a call with one answer may.
    dataset = None
    for message in stub.RegisterDirectory(gateway.RegisterDirectoryRequest(name=f"python-{role}-{stem}"[:64], directory=folder)):
        if message.WhichOneof("message") == "dataset":
            dataset = message.dataset
    return dataset


def options(method, iterations):
    result = trainer.TrainingOptions(method=method)
    if iterations is not None:
        result.iterations = iterations
    return result


def create(stub, arguments, datasets):
    iterations = {stage: getattr(arguments, f"iterations_{stage}") for stage in FEW_ITERATIONS}
    if arguments.source is None:
        iterations = {stage: FEW_ITERATIONS[stage] if count is None else count for stage, count in iterations.items()}
    spec = gateway.WorkflowSpec(
        title="python client",
        architecture=arguments.network,
        seed=arguments.seed,
        skip_controls=arguments.skip_controls,
        source_options=options(trainer.ADAPTATION_METHOD_SOURCE_ONLY, iterations["source"]),
        inter_options=options(trainer.ADAPTATION_METHOD_ADVENT, iterations["inter"]),
        intra_options=options(trainer.ADAPTATION_METHOD_ADVENT, iterations["intra"]),
        **{role: dataset.name for role, dataset in datasets.items()},
    )
    request = gateway.CreateWorkflowRequest(request_id=uuid.uuid4().hex, spec=spec)
    return stub.CreateWorkflow(request).workflow


def stage_name(kind):
    return gateway.StageKind.name(kind).removeprefix("STAGE_KIND_").lower().replace("_", "-")


def state_name(state):
    return gateway.WorkflowState.name(state).removeprefix("WORKFLOW_STATE_").lower()


def show(event, last_shown):
    kind = event.WhichOneof("event")
    if kind == "stage":
        note = " (reused)" if event.stage.reused else f": {event.stage.reason}" if event.stage.reason else ""
        print(f"{stage_name(event.stage.kind)}: {state_name(event.stage.state)}{note}", flush=True)
    elif kind == "workflow":
        print(f"workflow: {state_name(event.workflow.state)}", flush=True)
    elif kind == "progress" and time.monotonic() - last_shown.get(event.progress.stage, -10) > 5:
        last_shown[event.progress.stage] = time.monotonic()
        progress = event.progress.progress
        print(f"{stage_name(event.progress.stage)}: {progress.done}/{progress.total} {progress.unit}s, {progress.rate:.1f}/s", flush=True)


def watch(stub, workflow_id):
    """Follows the events to the workflow's end; a lost connection goes on after the last event seen."""
    seen, last_shown, losses = 0, {}, 0
    while True:
        try:
            for event in stub.WatchWorkflow(gateway.WatchWorkflowRequest(workflow_id=workflow_id, after_sequence=seen)):
                seen, losses = max(seen, event.sequence), 0
                show(event, last_shown)
            workflow = stub.GetWorkflow(gateway.GetWorkflowRequest(workflow_id=workflow_id)).workflow
            if workflow.state in FINAL:
                return workflow
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE or losses == 6:
                raise
        losses += 1
        time.sleep(0.25 * 2**losses)


def download(stub, artifact, path):
    with open(path, "wb") as file:
        for piece in stub.DownloadArtifact(gateway.DownloadArtifactRequest(artifact=artifact)):
            file.write(piece.chunk)


def sample_images(stub, dataset, folder, count=4):
    """A few images of a registered data set: read from its folder, or fetched from the store."""
    manifest_path = folder / "images.json"
    download(stub, dataset.manifest, manifest_path)
    manifest = json.loads(manifest_path.read_text())
    images = []
    for item in manifest["items"][:count]:
        image = item["image"]
        if manifest.get("root"):
            images.append(pathlib.Path(manifest["root"]) / image["path"])
        else:
            # A key is a digest; the id is what people know the image by.
            path = folder / "images" / re.sub(r"[^\w.-]", "-", item["id"])
            path.parent.mkdir(exist_ok=True)
            download(stub, artifacts.Artifact(key=image["path"], sha256=image["sha256"], size_bytes=image["sizeBytes"]), path)
            images.append(path)
    return images


def main():
    arguments = parse()
    stub = contracts.connect_as(arguments)
    datasets = choose_datasets(stub, arguments)
    workflow = create(stub, arguments, datasets)
    print(f"workflow: {workflow.id}", flush=True)
    workflow = watch(stub, workflow.id)
    if workflow.state != gateway.WORKFLOW_STATE_SUCCEEDED:
        sys.exit(f"workflow {workflow.id} {state_name(workflow.state)}: {workflow.error.message}")

    out = pathlib.Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    download(stub, workflow.report_html, out / "report.html")
    download(stub, workflow.report_json, out / "report.json")
    miou = json.loads((out / "report.json").read_text())["miou"]
    measured = ", ".join(f"{name} {value:.1f}" for name, value in miou.items() if isinstance(value, (int, float)))
    print(f"mIoU %: {measured or 'not measured, no validation set is named'}")
    images, missing = predictions.find_images(arguments.images)
    images = images or sample_images(stub, datasets.get("validation", datasets["target"]), out)
    failed = predictions.stream(stub, workflow.id, images, out / "predictions")
    print(f"report: {out / 'report.html'}")
    return 1 if failed or missing else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except grpc.RpcError as error:
        sys.exit(contracts.explain(error))
    except KeyboardInterrupt:
        sys.exit(130)
