"""The plain way of the store bench: boto3's managed transfers. Reads "put" or "get" on standard input, answers with seconds: wall, processor."""
import os
import sys
import time

import boto3
from botocore.config import Config

path, target, bucket, key = sys.argv[1:]
client = boto3.client(
    "s3",
    endpoint_url=os.environ["AWS_ENDPOINT_URL"],
    region_name=os.environ.get("AWS_REGION", "us-east-1"),
    config=Config(s3={"addressing_style": "path"}),
)
print(boto3.__version__, flush=True)
for line in sys.stdin:
    begin, busy = time.perf_counter(), time.process_time()
    if line.strip() == "put":
        client.upload_file(path, bucket, key)
    else:
        client.download_file(bucket, key, target)
    print(time.perf_counter() - begin, time.process_time() - busy, flush=True)
