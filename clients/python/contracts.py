"""Reads the protos of this repository and offers their messages, enums and the gateway's calls.

Needs only grpcio and a protobuf compiler: either grpcio-tools, or protobuf and protoc
(Debian and Ubuntu: apt-get install python3-grpcio python3-grpc-tools).

The messages are made from the compiled descriptors at run time instead of from generated code: Debian's grpcio-tools generates code
that Debian's protobuf refuses to load.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import types

PROTOS = pathlib.Path(__file__).resolve().parents[2] / "protos"
NEEDED = "install it with: apt-get install python3-grpcio python3-grpc-tools (or: pip install grpcio grpcio-tools)"

# Whose packages apt-get installs, whichever Python comes first in PATH.
SYSTEM_PYTHON = "/usr/bin/python3"


def _go_on_with_the_systems_python():
    """Replaces a script of this folder by itself under the system's Python, where that one has the packages and this one has not."""
    is_script = pathlib.Path(sys.argv[0]).resolve().parent == pathlib.Path(__file__).resolve().parent
    if not is_script or sys.executable == SYSTEM_PYTHON or not os.access(SYSTEM_PYTHON, os.X_OK):
        return
    if subprocess.run([SYSTEM_PYTHON, "-c", "import grpc, google.protobuf"], capture_output=True, check=False).returncode == 0:
        print(f"{sys.executable} has no grpc; going on with {SYSTEM_PYTHON}, which has", file=sys.stderr, flush=True)
        os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON, *sys.argv])


try:
    import grpc
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
except ImportError as missing:
    _go_on_with_the_systems_python()
    sys.exit(f"the Python package {missing.name} is not there; {NEEDED}")


def _run_compiler(arguments, include):
    """Runs protoc, as a program or as the Python package grpcio-tools; returns its exit code."""
    program = shutil.which("protoc")
    if program:
        return subprocess.run([program, *include(pathlib.Path("/usr/include")), *arguments], check=False).returncode
    try:
        import grpc_tools
        from grpc_tools import protoc
    except ImportError:
        sys.exit(f"neither protoc nor the Python package grpcio-tools is there; {NEEDED}")
    return protoc.main(["protoc", *include(pathlib.Path(grpc_tools.__file__).resolve().parent / "_proto"), *arguments])


def _compile():
    """All files of the contracts as descriptors."""
    if not PROTOS.is_dir():
        sys.exit(f"the protos are not at {PROTOS}; run this script from a checkout of the repository")
    with tempfile.TemporaryDirectory(prefix="intrada-protos-") as folder:
        files = []
        for path in sorted(PROTOS.glob("**/*.proto")):
            copy = pathlib.Path(folder, path.relative_to(PROTOS))
            copy.parent.mkdir(parents=True, exist_ok=True)
            # A field that is "optional" in proto3 is by definition a oneof of one field; compilers before 3.15 know only the latter.
            text = re.sub(r"^(\s*)optional (\S+ (\w+) = \d+;)", r"\1oneof _\3 { \2 }", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
            copy.write_text(text, encoding="utf-8")
            files.append(str(path.relative_to(PROTOS)))
        result = pathlib.Path(folder, "descriptors.bin")
        code = _run_compiler(
            ["--include_imports", f"--descriptor_set_out={result}", *files],
            lambda known: [f"-I{folder}", *([f"-I{known}"] if known.is_dir() else [])],
        )
        if code != 0:
            sys.exit(f"the protos in {PROTOS} cannot be compiled (protoc ended with {code}); its messages are above")
        return descriptor_pb2.FileDescriptorSet.FromString(result.read_bytes())


def _load(descriptors):
    pool = descriptor_pool.DescriptorPool()
    for file in descriptors.file:
        pool.AddSerializedFile(file.SerializeToString())
    return pool


_pool = _load(_compile())


def _message(descriptor):
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(_pool).GetPrototype(descriptor)


class _Enum:
    """An enum: name(number) and number(name)."""

    def __init__(self, descriptor):
        self._descriptor = descriptor

    def name(self, number):
        value = self._descriptor.values_by_number.get(number)
        return value.name if value else str(number)

    def number(self, name):
        return self._descriptor.values_by_name[name].number


def _package(file_name):
    """The messages, enums and enum values of a file as attributes."""
    file = _pool.FindFileByName(file_name)
    names = {name: _message(descriptor) for name, descriptor in file.message_types_by_name.items()}
    for name, descriptor in file.enum_types_by_name.items():
        names[name] = _Enum(descriptor)
        names.update({value.name: value.number for value in descriptor.values})
    return types.SimpleNamespace(**names)


artifacts = _package("intrada/artifacts/v1/artifacts.proto")
gateway = _package("intrada/gateway/v1/gateway.proto")
segmenter = _package("intrada/segmenter/v1/segmenter.proto")
trainer = _package("intrada/trainer/v1/trainer.proto")


def _stub(channel, service_name):
    """The calls of a service as attributes, one of four kinds by which sides stream."""
    service = _pool.FindServiceByName(service_name)
    proto = descriptor_pb2.ServiceDescriptorProto()
    service.CopyToProto(proto)
    calls = {}
    for method, streams in zip(service.methods, proto.method):
        sides = ("stream" if streams.client_streaming else "unary", "stream" if streams.server_streaming else "unary")
        calls[method.name] = getattr(channel, "_".join(sides))(
            f"/{service_name}/{method.name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=_message(method.output_type).FromString,
        )
    return types.SimpleNamespace(**calls)


# Label maps of large photographs are larger than the library's own limit of 4 MB.
OPTIONS = [("grpc.max_receive_message_length", 256 << 20), ("grpc.enable_http_proxy", 0)]


class _KeySender(
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
    grpc.StreamStreamClientInterceptor,
):
    """Sends an API key with every call, also over connections that are not encrypted."""

    def __init__(self, key):
        self._header = ("authorization", f"Bearer {key}")

    def _with_key(self, details):
        metadata = [*(details.metadata or []), self._header]
        return types.SimpleNamespace(
            method=details.method,
            timeout=details.timeout,
            metadata=metadata,
            credentials=details.credentials,
            wait_for_ready=getattr(details, "wait_for_ready", None),
            compression=getattr(details, "compression", None),
        )

    def intercept_unary_unary(self, continuation, details, request):
        return continuation(self._with_key(details), request)

    intercept_unary_stream = intercept_stream_unary = intercept_stream_stream = intercept_unary_unary


def add_arguments(parser):
    """The options of every client: where the gateway is, and who calls."""
    parser.add_argument("--gateway", default="127.0.0.1:7410", metavar="ADDRESS", help="default: 127.0.0.1:7410; https:// where it has TLS")
    parser.add_argument("--api-key-file", metavar="FILE", help="file with the API key (or the key itself in INTRADA_API_KEY)")
    parser.add_argument("--ca-file", metavar="FILE", help="PEM certificate of an https gateway's authority (or INTRADA_CA_FILE)")


def connect_as(arguments):
    """Opens a channel as the options of add_arguments say."""
    key = os.environ.get("INTRADA_API_KEY", "").strip()
    if arguments.api_key_file:
        key = pathlib.Path(arguments.api_key_file).read_text(encoding="ascii").strip()
    return connect(arguments.gateway, api_key=key, ca_file=arguments.ca_file or os.environ.get("INTRADA_CA_FILE"))


def connect(address, seconds=10, api_key="", ca_file=None):
    """Opens a channel to a gateway and waits until it answers."""
    target = address.split("://", 1)[-1].rstrip("/")
    if address.startswith("https://"):
        authority = pathlib.Path(ca_file).read_bytes() if ca_file else None
        channel = grpc.secure_channel(target, grpc.ssl_channel_credentials(authority), options=OPTIONS)
    else:
        channel = grpc.insecure_channel(target, options=OPTIONS)
    try:
        grpc.channel_ready_future(channel).result(timeout=seconds)
    except grpc.FutureTimeoutError:
        sys.exit(f"no gateway answers at {target}; start one with ./intrada serve, or name another with --gateway")
    if api_key:
        channel = grpc.intercept_channel(channel, _KeySender(api_key))
    return _stub(channel, "intrada.gateway.v1.GatewayService")


def explain(error):
    """One line for an error of a call."""
    return f"{error.details()} ({error.code().name})"
