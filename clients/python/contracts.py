"""Compiles the protos of this repository into a temporary folder and imports what they define.

Needs only grpcio and grpcio-tools (Debian and Ubuntu: apt-get install python3-grpcio python3-grpc-tools).
"""

import atexit
import importlib
import pathlib
import shutil
import sys
import tempfile

PROTOS = pathlib.Path(__file__).resolve().parents[2] / "protos"
NEEDED = "install them with: apt-get install python3-grpcio python3-grpc-tools (or: pip install grpcio grpcio-tools)"

try:
    import grpc
    import grpc_tools
    from grpc_tools import protoc
except ImportError as missing:
    sys.exit(f"this client needs the Python packages grpcio and grpcio-tools, and {missing.name} is not there; {NEEDED}")


def _compile():
    if not PROTOS.is_dir():
        sys.exit(f"the protos are not at {PROTOS}; run this script from a checkout of the repository")
    folder = tempfile.mkdtemp(prefix="intrada-protos-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # The well-known types (google/protobuf/*.proto) lie beside grpc_tools; the repository holds only what is its own.
    known = pathlib.Path(grpc_tools.__file__).resolve().parent / "_proto"
    includes = [PROTOS] + [path for path in (known, pathlib.Path("/usr/include")) if path.is_dir()]
    files = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.glob("**/*.proto"))
    code = protoc.main(["protoc", *(f"-I{path}" for path in includes), f"--python_out={folder}", f"--grpc_python_out={folder}", *files])
    if code != 0:
        sys.exit(f"the protos in {PROTOS} cannot be compiled (protoc ended with {code}); its messages are above")
    return folder


def _use(folder):
    sys.path.insert(0, folder)
    # Where the package google is installed already, its folders must be searched beside the generated ones.
    for package in ("google", "google.rpc"):
        try:
            module = importlib.import_module(package)
        except ImportError:
            continue
        if hasattr(module, "__path__"):
            module.__path__ = [*module.__path__, str(pathlib.Path(folder, *package.split(".")))]


_use(_compile())

artifacts = importlib.import_module("intrada.artifacts.v1.artifacts_pb2")
gateway = importlib.import_module("intrada.gateway.v1.gateway_pb2")
gateway_rpc = importlib.import_module("intrada.gateway.v1.gateway_pb2_grpc")
segmenter = importlib.import_module("intrada.segmenter.v1.segmenter_pb2")
trainer = importlib.import_module("intrada.trainer.v1.trainer_pb2")

# Label maps of large photographs are larger than the library's own limit of 4 MB.
OPTIONS = [("grpc.max_receive_message_length", 256 << 20), ("grpc.enable_http_proxy", 0)]


def connect(address, seconds=10):
    """Opens a channel to a gateway and waits until it answers."""
    target = address.split("://", 1)[-1].rstrip("/")
    channel = grpc.insecure_channel(target, options=OPTIONS)
    try:
        grpc.channel_ready_future(channel).result(timeout=seconds)
    except grpc.FutureTimeoutError:
        sys.exit(f"no gateway answers at {target}; start one with ./intrada serve, or name another with --gateway")
    return gateway_rpc.GatewayServiceStub(channel)


def explain(error):
    """One line for an error of a call."""
    return f"{error.details()} ({error.code().name})"
