using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using IntraDA.Access;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;
using IntraDA.Data.Tests;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.Stores;
using IntraDA.Hosting.Tests.Access;
using IntraDA.Hostile.Tests.World;
using SegmenterV1 = IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Hostile.Tests.Callers;

/// <summary>Services that ask who calls, in real runs: what they let through, and what they say of keys.</summary>
public sealed class HostileCallerTests(S3Server s3) : IClassFixture<S3Server>
{
    private const string StoreSecret = "a-secret-of-the-store-0123456789";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly string[] Backends = ["segmenter", "ranker", "trainer"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CallOptions Soon => new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Limit, cancellationToken: Token);

    [Theory]
    [InlineData("http://0.0.0.0:0", "--insecure")]
    [InlineData("http://0.0.0.0:0", "")]
    [InlineData("https://0.0.0.0:0", "")]
    [InlineData("http://[::]:0", "")]
    public async Task A_hostile_network_is_not_served_without_keys_and_encryption(string listen, string flag)
    {
        using var folder = new TempFolder();
        var run = await ProgramRun.OfAsync(
            Places.DotNet,
            [Places.Built("IntraDA.Standalone", "IntraDA.Standalone"), "--home", folder["home"], "--listen", listen, .. flag.Length > 0 ? new[] { flag } : []],
            new Dictionary<string, string?>(),
            Limit);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Auth:KeysFile", run.Error, StringComparison.Ordinal);
        Assert.Equal(flag.Length == 0 && listen.StartsWith("http:", StringComparison.Ordinal), run.Error.Contains("say --insecure", StringComparison.Ordinal));
        Assert.Single(run.Errors);
    }

    [Fact]
    public async Task Keys_stay_out_of_everything_that_a_whole_hostile_run_leaves_behind()
    {
        using var folder = new TempFolder();
        var keys = new TestKeys(folder["keys.jsonl"]);
        var wrong = ApiKey.Create();
        var service = ApiKey.Create();
        var secrets = keys.All.Append(wrong).Append(service).Append(StoreSecret).ToList();
        var said = "";
        var environment = new Dictionary<string, string?>
        {
            ["INTRADA_Auth__KeysFile"] = keys.Path,
            ["INTRADA_Auth__ServiceKey"] = service,
            ["INTRADA_Store__SecretKey"] = StoreSecret,
            ["INTRADA_Logging__LogLevel__Default"] = "Trace",
        };
        await using (var services = await HostileServices.StartAsync(folder, environment))
        {
            using var operate = CallerChannel.Open(services.Address("gateway"), keys[CallerRole.Operate]);
            var gateway = new GatewayService.GatewayServiceClient(operate);
            var workflow = await RunAsync(gateway);
            said += workflow;
            await CheckRolesAsync(services, keys, wrong, workflow.Id);
            await CheckWebAsync(services, gateway, keys, workflow);
            foreach (var key in new[] { keys[CallerRole.Operate], keys[CallerRole.Predict], wrong, "" })
            {
                var cli = await CliAsync(services.Address("gateway"), key, "workflows", "resume", workflow.Id, "--json");
                said += cli.Out + cli.Error;
                Assert.Equal(1, cli.ExitCode);
                Assert.Contains(key == keys[CallerRole.Operate] ? "FAILED_PRECONDITION" : key == keys[CallerRole.Predict] ? "PERMISSION_DENIED" : "UNAUTHENTICATED", cli.Out, StringComparison.Ordinal);
            }

            said += services.Messages;
        }

        Assert.Contains("refused", said, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Where(file => file != keys.Path))
        {
            said += await System.IO.File.ReadAllTextAsync(file, System.Text.Encoding.Latin1, Token);
        }

        Assert.All(secrets, secret => Assert.DoesNotContain(secret, said, StringComparison.Ordinal));
        Assert.All(secrets.Take(4), secret => Assert.DoesNotContain(secret, System.IO.File.ReadAllText(keys.Path), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hostile_store_does_not_make_services_tell_its_secret(bool answers)
    {
        Assert.SkipWhen(answers && s3.Unavailable is not null, s3.Unavailable ?? "");
        using var folder = new TempFolder();
        var environment = new Dictionary<string, string?>
        {
            ["INTRADA_Store__SecretKey"] = StoreSecret,
            ["INTRADA_Logging__LogLevel__Default"] = "Trace",
        };
        // Either nobody listens, or a server that knows another secret.
        string[] store = answers
            ? [.. s3.ServiceArguments("hostile-secrets").TakeWhile(word => word != "--Store:SecretKey")]
            : ["--Store:Kind", "S3", "--Store:Endpoint", $"127.0.0.1:{Places.FreePort()}", "--Store:Bucket", "bucket", "--Store:AccessKey", "reader", "--Store:MaxRetries", "1"];
        var said = "";
        await using (var services = await HostileServices.StartAsync(folder, environment, store))
        {
            using var channel = GrpcChannel.ForAddress(services.Address("gateway"));
            var gateway = new GatewayService.GatewayServiceClient(channel);
            foreach (var call in new Func<Task>[]
                     {
                         () => gateway.ListDatasetsAsync(new ListDatasetsRequest(), Soon).ResponseAsync,
                         () => gateway.CreateDownloadLinkAsync(new CreateDownloadLinkRequest { Artifact = new Artifact { Key = "a", Sha256 = new string('a', 64) } }, Soon).ResponseAsync,
                         () => gateway.GetWorkflowAsync(new GetWorkflowRequest { WorkflowId = "wf-0000000000000000" }, Soon).ResponseAsync,
                     })
            {
                var error = await Assert.ThrowsAsync<RpcException>(call);
                said += error + error.Status.Detail + error.GetRpcStatus();
            }

            said += services.Messages;
        }

        Assert.Contains("S3", said, StringComparison.Ordinal);
        Assert.DoesNotContain(StoreSecret, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_wire_sees_TLS_and_the_client_trusts_its_own_authority_only()
    {
        using var folder = new TempFolder();
        using var certificates = new TestCertificates();
        var keys = new TestKeys(folder["keys.jsonl"]);
        var environment = new Dictionary<string, string?> { ["INTRADA_Auth__KeysFile"] = keys.Path };
        await using var services = await HostileServices.StartAsync(
            folder, environment, "--listen", $"https://0.0.0.0:{Places.FreePort()}", "--CertificateFile", certificates["server.pem"], "--KeyFile", certificates["server.key"]);
        var address = services.Address("gateway");
        Assert.StartsWith("https://127.0.0.1:", address, StringComparison.Ordinal);
        Assert.StartsWith("https://127.0.0.1:", services.Address("web"), StringComparison.Ordinal);
        (await CliAsync(address, keys[CallerRole.Predict], "data", "list", "--ca-file", certificates["ca.pem"])).Succeeded();
        var wary = await CliAsync(address, keys[CallerRole.Predict], "data", "list");
        Assert.Equal(1, wary.ExitCode);
        Assert.Contains("--ca-file", wary.Error, StringComparison.Ordinal);
    }

    private static Task<ProgramRun> CliAsync(string gateway, string key, params string[] arguments) => ProgramRun.OfAsync(
        Places.DotNet,
        [Places.Built("IntraDA.Cli", "intrada"), .. arguments],
        new Dictionary<string, string?> { ["INTRADA_GATEWAY"] = gateway, ["INTRADA_API_KEY"] = key },
        Limit);

    private static async Task CheckRolesAsync(HostileServices services, TestKeys keys, string wrong, string workflow)
    {
        foreach (var key in new[] { null, wrong, keys[CallerRole.Service] })
        {
            using var channel = CallerChannel.Open(services.Address("gateway"), key);
            var error = await Assert.ThrowsAsync<RpcException>(
                () => new GatewayService.GatewayServiceClient(channel).GetWorkflowAsync(new GetWorkflowRequest { WorkflowId = workflow }, Soon).ResponseAsync);
            Assert.Equal(key == keys[CallerRole.Service] ? StatusCode.PermissionDenied : StatusCode.Unauthenticated, error.StatusCode);
        }

        // A standalone's backends take the services' key, and people's keys by their role; nobody walks around the gateway.
        foreach (var backend in Backends)
        {
            using var bare = CallerChannel.Open(services.Address(backend), key: null);
            var health = await new Health.HealthClient(bare).CheckAsync(new HealthCheckRequest(), Soon);
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        }

        using var around = CallerChannel.Open(services.Address("trainer"), keys[CallerRole.Operate]);
        var refused = await Assert.ThrowsAsync<RpcException>(
            () => new TrainerService.TrainerServiceClient(around).StartTrainingAsync(new StartTrainingRequest { RequestId = "x", Spec = new TrainingSpec() }, Soon).ResponseAsync);
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        using var nobody = CallerChannel.Open(services.Address("segmenter"), key: null);
        refused = await Assert.ThrowsAsync<RpcException>(
            () => new SegmenterV1.SegmenterService.SegmenterServiceClient(nobody).ListModelsAsync(new SegmenterV1.ListModelsRequest(), Soon).ResponseAsync);
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
    }

    private static async Task CheckWebAsync(HostileServices services, GatewayService.GatewayServiceClient gateway, TestKeys keys, Workflow workflow)
    {
        using var http = new HttpClient();
        var report = new Uri($"{services.Address("web")}/workflows/{workflow.Id}/report.html");
        foreach (var (key, expected) in new (string?, HttpStatusCode)[]
                 {
                     (null, HttpStatusCode.Unauthorized), (keys[CallerRole.Predict], HttpStatusCode.Forbidden), (keys[CallerRole.Operate], HttpStatusCode.OK),
                 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, report);
            request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
            using var response = await http.SendAsync(request, Token);
            Assert.Equal(expected, response.StatusCode);
        }

        var link = await gateway.CreateDownloadLinkAsync(new CreateDownloadLinkRequest { Artifact = workflow.ReportJson, LifetimeSeconds = 2 }, Soon);
        using var inTime = await http.GetAsync(new Uri(link.Url), Token);
        Assert.Equal(HttpStatusCode.OK, inTime.StatusCode);
        await Task.Delay(TimeSpan.FromSeconds(2.5), Token);
        using var late = await http.GetAsync(new Uri(link.Url), Token);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    /// <summary>A whole workflow of a few iterations on images of a few pixels, from the store.</summary>
    private static async Task<Workflow> RunAsync(GatewayService.GatewayServiceClient gateway)
    {
        foreach (var (name, shade) in new[] { ("source", 0), ("target", 90), ("validation", 180) })
        {
            var items = new List<DatasetItem>();
            for (var i = 0; i < 3; i++)
            {
                var image = await UploadAsync(gateway, IntraDA.Data.Images.ImageEncoder.EncodePng(Pictures.Gradient(40 + i, 32 + (shade / 30))));
                var label = await UploadAsync(gateway, PngWriter.Gray8(40 + i, 32 + (shade / 30), Pictures.Repeat((40 + i) * (32 + (shade / 30)), (byte)0, (byte)1)));
                items.Add(new DatasetItem { Id = $"{name}-{i}", Image = File(image), Label = File(label) });
            }

            var manifest = HostileEnsemble.Describe(new Artifact(), new Artifact()) with { Name = name, Items = items };
            var artifact = await UploadAsync(gateway, DatasetManifestJson.Serialize(manifest));
            await gateway.RegisterDatasetAsync(new RegisterDatasetRequest { Name = name, Manifest = artifact }, Soon);
        }

        var spec = new WorkflowSpec
        {
            Source = "source", Target = "target", Validation = "validation", SkipControls = true,
            SourceOptions = Options(AdaptationMethod.SourceOnly), InterOptions = Options(AdaptationMethod.Advent), IntraOptions = Options(AdaptationMethod.Advent),
        };
        var id = (await gateway.CreateWorkflowAsync(new CreateWorkflowRequest { Spec = spec }, Soon)).Workflow.Id;
        await HostileEnsemble.DrainAsync(gateway.WatchWorkflow(new WatchWorkflowRequest { WorkflowId = id }, Soon));
        var workflow = (await gateway.GetWorkflowAsync(new GetWorkflowRequest { WorkflowId = id }, Soon)).Workflow;
        Assert.True(workflow.State == WorkflowState.Succeeded, $"{workflow.State}: {workflow.Error?.Message}");
        return workflow;
    }

    private static DatasetFile File(Artifact artifact) => new() { Path = artifact.Key, Sha256 = artifact.Sha256, SizeBytes = artifact.SizeBytes };

    private static TrainingOptions Options(AdaptationMethod method) => new()
    {
        Method = method,
        Iterations = 1,
        BatchSize = 1,
        LabelledSize = new ImageSize { Width = 64, Height = 64 },
        UnlabelledSize = new ImageSize { Width = 64, Height = 64 },
    };

    private static async Task<Artifact> UploadAsync(GatewayService.GatewayServiceClient gateway, byte[] bytes)
    {
        using var call = gateway.UploadArtifact(Soon);
        var header = new UploadHeader { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)), SizeBytes = bytes.Length, MediaType = "application/octet-stream" };
        await call.RequestStream.WriteAsync(new UploadArtifactRequest { Header = header });
        await call.RequestStream.WriteAsync(new UploadArtifactRequest { Chunk = ByteString.CopyFrom(bytes) });
        await call.RequestStream.CompleteAsync();
        return (await call.ResponseAsync).Artifact;
    }
}
