using Grpc.Core;
using IntraDA.Cli.Transfers;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Tests.Transfers;

public sealed class ArtifactUploaderTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_write_that_hangs_does_not_outlast_the_refusal()
    {
        var client = new HangingGateway(new RpcException(new Status(StatusCode.ResourceExhausted, "the store is full")));
        var upload = new ArtifactUploader(client).UploadBytesAsync(new byte[2 << 20], "application/octet-stream", TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<RpcException>(() => upload.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    /// <summary>Takes the header, refuses the upload, and never ends the write of the first chunk.</summary>
    private sealed class HangingGateway(Exception refusal) : GatewayService.GatewayServiceClient
    {
        public override AsyncClientStreamingCall<UploadArtifactRequest, UploadArtifactResponse> UploadArtifact(
            Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default)
        {
            var answer = new TaskCompletionSource<UploadArtifactResponse>();
            return new AsyncClientStreamingCall<UploadArtifactRequest, UploadArtifactResponse>(
                new Writer(() => answer.TrySetException(refusal)), answer.Task, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        }
    }

    private sealed class Writer(Action onChunk) : IClientStreamWriter<UploadArtifactRequest>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(UploadArtifactRequest message)
        {
            if (message.MessageCase != UploadArtifactRequest.MessageOneofCase.Chunk)
            {
                return Task.CompletedTask;
            }

            onChunk();
            return new TaskCompletionSource().Task;
        }

        public Task WriteAsync(UploadArtifactRequest message, CancellationToken cancellationToken) => WriteAsync(message);

        public Task CompleteAsync() => throw new InvalidOperationException("a write is under way");
    }
}
