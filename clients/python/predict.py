#!/usr/bin/env python3
"""Segments photographs with the network of a finished workflow: label maps and entropy maps through StreamPredict."""

import argparse
import sys

import contracts
import grpc
import predictions


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", nargs="+", metavar="IMAGE", help="JPEG or PNG files, or folders of them")
    parser.add_argument("--workflow", required=True, metavar="ID", help="workflow that made the network")
    parser.add_argument("--out", default="predictions", metavar="DIR", help="folder for the results (default: predictions)")
    contracts.add_arguments(parser)
    arguments = parser.parse_args()

    images, missing = predictions.find_images(arguments.images)
    if not images:
        sys.exit("there is no image to segment")
    stub = contracts.connect_as(arguments)
    failed = predictions.stream(stub, arguments.workflow, images, arguments.out)
    print(f"{len(images) - failed} of {len(images)} images segmented; results in {arguments.out}")
    return 1 if failed or missing else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except grpc.RpcError as error:
        sys.exit(contracts.explain(error))
    except KeyboardInterrupt:
        sys.exit(130)
