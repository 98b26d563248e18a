"""Asks a service for its health and its list of services with nothing but grpcio: the messages are small enough to write by hand."""

import sys

import grpc

channel = grpc.insecure_channel(sys.argv[1].split("://", 1)[-1], options=[("grpc.enable_http_proxy", 0)])

# HealthCheckResponse { status = 1: SERVING = 1 }
health = channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=20)
print("SERVING" if health == b"\x08\x01" else f"health answers {health!r}")

# ServerReflectionRequest { list_services = 7: "" }
reflect = channel.stream_stream("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
answer = next(reflect(iter([b"\x3a\x00"]), timeout=20))
print("".join(chr(byte) if 32 <= byte < 127 else "\n" for byte in answer))
