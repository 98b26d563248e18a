using System.Runtime.InteropServices;
using Google.Rpc;
using Grpc.Core;
using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Manifests;
using IntraDA.Hosting.Errors;

namespace IntraDA.Hosting.Tests.Errors;

public sealed class ErrorInterceptorTests
{
    private static readonly DateTime Deadline = DateTime.MaxValue;

    public static TheoryData<string, Exception, StatusCode, string> Failures() => new()
    {
        { "invalid", ServiceException.InvalidArgument("lambda", "1.5 is not in 0..1."), StatusCode.InvalidArgument, "INVALID_ARGUMENT" },
        { "missing", ServiceException.NotFound("workflow", "wf-1"), StatusCode.NotFound, "NOT_FOUND" },
        { "state", ServiceException.FailedPrecondition("NO_TRAINER", "No trainer."), StatusCode.FailedPrecondition, "NO_TRAINER" },
        { "no artefact", new ArtifactNotFoundException("a/b"), StatusCode.NotFound, "ARTIFACT_NOT_FOUND" },
        { "damaged", new ArtifactDamagedException("a/b", "short"), StatusCode.DataLoss, "ARTIFACT_DAMAGED" },
        { "store away", new ArtifactStoreException("away", isTransient: true), StatusCode.Unavailable, "STORE_UNAVAILABLE" },
        { "store broken", new ArtifactStoreException("broken", isTransient: false), StatusCode.Internal, "STORE_FAILED" },
        { "bad table", new ArtifactFormatException("no table"), StatusCode.InvalidArgument, "BAD_ARTIFACT" },
        { "bad image", new BadImageException("a.png", "cut off"), StatusCode.InvalidArgument, "BAD_IMAGE" },
        { "bad data set", new DatasetException("no images"), StatusCode.InvalidArgument, "BAD_DATASET" },
        { "cancelled", new OperationCanceledException(), StatusCode.Cancelled, "CANCELLED" },
        { "no memory", new InsufficientMemoryException("secret"), StatusCode.ResourceExhausted, "OUT_OF_MEMORY" },
        { "no memory in parallel", new AggregateException(new InsufficientMemoryException("secret")), StatusCode.ResourceExhausted, "OUT_OF_MEMORY" },
        { "no memory on a GPU", new NativeFailure("CUDA out of memory. Tried to allocate 2.00 GiB. secret"), StatusCode.ResourceExhausted, "OUT_OF_MEMORY" },
        { "no memory for torch", new NativeFailure("[enforce fail] DefaultCPUAllocator: can't allocate memory. secret"), StatusCode.ResourceExhausted, "OUT_OF_MEMORY" },
        { "another word of torch", new NativeFailure("mat1 and mat2 shapes cannot be multiplied. secret"), StatusCode.Internal, "INTERNAL" },
        { "defect", new InvalidOperationException("secret"), StatusCode.Internal, "INTERNAL" },
        { "foreign", new RpcException(new(StatusCode.AlreadyExists, "there")), StatusCode.AlreadyExists, "ALREADY_EXISTS" },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Every_failure_has_one_code_and_one_error_info_on_every_kind_of_method(
        string name, Exception failure, StatusCode code, string reason)
    {
        Assert.NotEmpty(name);
        await using var server = await HostedServer.StartAsync();
        server.Behaviour.OnCall = _ => throw failure;
        var gateway = new GatewayService.GatewayServiceClient(server.Channel);
        var segmenter = new SegmenterService.SegmenterServiceClient(server.Channel);
        var options = new CallOptions(deadline: Deadline, cancellationToken: TestContext.Current.CancellationToken);

        using var upload = gateway.UploadArtifact(options);
        using var watch = gateway.WatchWorkflow(new WatchWorkflowRequest(), options);
        using var predict = segmenter.StreamPredict(options);
        foreach (var call in new Func<Task>[]
                 {
                     () => gateway.GetWorkflowAsync(new GetWorkflowRequest(), options).ResponseAsync,
                     () => upload.ResponseAsync,
                     () => watch.ResponseStream.MoveNext(options.CancellationToken),
                     () => predict.ResponseStream.MoveNext(options.CancellationToken),
                 })
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => call().Within());
            var status = error.GetRpcStatus();
            Assert.Equal(code, error.StatusCode);
            Assert.NotNull(status);
            Assert.Equal((int)code, status.Code);
            Assert.Equal(status.Message, error.Status.Detail);
            var info = Assert.Single(status.Details, d => d.Is(ErrorInfo.Descriptor)).Unpack<ErrorInfo>();
            Assert.Equal(reason, info.Reason);
            Assert.Equal("intrada", info.Domain);
            Assert.DoesNotContain("secret", error.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_details_of_another_service_pass_through_unchanged()
    {
        var inner = RpcErrors.Create(StatusCode.FailedPrecondition, "NEEDS_MAPS", "No maps.", [new("predictions", "Has none.")]);
        await using var server = await HostedServer.StartAsync();
        server.Behaviour.OnCall = _ => throw inner.ToRpcException();
        var error = await CallAsync(server);
        Assert.Equal(inner, error.GetRpcStatus());
        Assert.Equal("NEEDS_MAPS", RpcErrors.ReadReason(error));
        Assert.Equal("predictions", Assert.Single(RpcErrors.ReadViolations(RpcErrors.Read(error))).Field);
    }

    [Fact]
    public async Task All_violations_come_in_one_answer()
    {
        var validator = new RequestValidator();
        Assert.False(validator.Require(false, "a", "A is wrong."));
        Assert.True(validator.Require(true, "b", "Not said."));
        Assert.False(validator.RequireArtifact(new() { Key = "../x", Sha256 = "12" }, "c"));
        await using var server = await HostedServer.StartAsync();
        server.Behaviour.OnCall = _ =>
        {
            validator.ThrowIfAny();
            return Task.CompletedTask;
        };
        var status = RpcErrors.Read(await CallAsync(server));
        Assert.Equal(["a", "c.key", "c.sha256"], RpcErrors.ReadViolations(status).Select(v => v.Field));
    }

    [Fact]
    public async Task A_thousand_violations_still_fit_into_the_trailers()
    {
        var validator = new RequestValidator();
        for (var i = 0; i < 1000; i++)
        {
            validator.Require(false, $"field{i}", "This one is as wrong as all the others, and it says so at some length.");
        }

        await using var server = await HostedServer.StartAsync();
        server.Behaviour.OnCall = _ =>
        {
            validator.ThrowIfAny();
            return Task.CompletedTask;
        };
        var error = await CallAsync(server);
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("more violations", RpcErrors.ReadViolations(RpcErrors.Read(error))[^1].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_outlives_its_deadline_ends_with_deadline_exceeded()
    {
        await using var server = await HostedServer.StartAsync();
        var seen = new TaskCompletionSource();
        server.Behaviour.OnCall = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken).ContinueWith(_ => seen.SetResult(), TaskScheduler.Default);
            context.CancellationToken.ThrowIfCancellationRequested();
        };
        var client = new GatewayService.GatewayServiceClient(server.Channel);
        var error = await Assert.ThrowsAsync<RpcException>(() => client
            .GetWorkflowAsync(
                new GetWorkflowRequest(),
                deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300),
                cancellationToken: TestContext.Current.CancellationToken)
            .ResponseAsync.Within());
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await seen.Task.Within();
    }

    private static async Task<RpcException> CallAsync(HostedServer server)
    {
        var client = new GatewayService.GatewayServiceClient(server.Channel);
        return await Assert.ThrowsAsync<RpcException>(() => client
            .GetWorkflowAsync(new GetWorkflowRequest(), cancellationToken: TestContext.Current.CancellationToken)
            .ResponseAsync.Within());
    }

    // Torch throws its base class, which is not for others to throw.
    private sealed class NativeFailure(string message) : ExternalException(message);
}
