using System.Security.Cryptography.X509Certificates;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using IntraDA.Access;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Hosting.Access;
using IntraDA.Hosting.Channels;
using IntraDA.Hosting.Options;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SegmenterV1 = IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Hosting.Tests.Access;

public sealed class AccessTests : IDisposable
{
    private readonly TestCertificates _files = new();

    private string KeysPath => _files["keys.jsonl"];

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Without_a_key_every_method_but_health_is_unauthenticated()
    {
        AddKey(CallerRole.Admin);
        await using var server = await HostedServer.StartAsync("--Auth:KeysFile", KeysPath);
        using var channel = GrpcChannel.ForAddress(server.Address);
        var health = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Token).ResponseAsync.Within();
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);

        var gateway = new GatewayService.GatewayServiceClient(channel);
        Refused(await Error(() => gateway.GetWorkflowAsync(new GetWorkflowRequest(), cancellationToken: Token).ResponseAsync), StatusCode.Unauthenticated);
        using var upload = gateway.UploadArtifact(cancellationToken: Token);
        Refused(await Error(() => upload.ResponseAsync), StatusCode.Unauthenticated);
        using var watch = gateway.WatchWorkflow(new WatchWorkflowRequest(), cancellationToken: Token);
        Refused(await Error(() => watch.ResponseStream.MoveNext(Token)), StatusCode.Unauthenticated);
        using var stream = gateway.StreamPredict(cancellationToken: Token);
        Refused(await Error(() => stream.ResponseStream.MoveNext(Token)), StatusCode.Unauthenticated);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer intrada_0000000000000000000000000000000000000000000")]
    [InlineData("Bearer short")]
    [InlineData("Basic aW50cmFkYTppbnRyYWRh")]
    [InlineData("KEY")]
    [InlineData("Bearer KEY, Bearer KEY")]
    [InlineData("Bearer KEY KEY")]
    public async Task What_is_no_valid_key_is_unauthenticated(string header)
    {
        var key = AddKey(CallerRole.Admin);
        await using var server = await HostedServer.StartAsync("--Auth:KeysFile", KeysPath);
        using var channel = Channel(server.Address, header.Replace("KEY", key, StringComparison.Ordinal));
        var error = await Error(() => Ask(channel));
        Refused(error, StatusCode.Unauthenticated);
        Assert.DoesNotContain(key, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CallerRole.Predict, true, false, false)]
    [InlineData(CallerRole.Operate, true, true, false)]
    [InlineData(CallerRole.Admin, true, true, true)]
    [InlineData(CallerRole.Service, false, false, true)]
    public async Task A_role_reaches_for_what_it_may_and_no_further(CallerRole role, bool looks, bool works, bool loads)
    {
        var key = AddKey(role);
        await using var server = await HostedServer.StartAsync("--Auth:KeysFile", KeysPath);
        using var channel = Channel(server.Address, "Bearer " + key);
        var gateway = new GatewayService.GatewayServiceClient(channel);
        var segmenter = new SegmenterV1.SegmenterService.SegmenterServiceClient(channel);
        await Check(looks, () => Ask(channel));
        await Check(works, () => gateway.CreateDownloadLinkAsync(new CreateDownloadLinkRequest(), cancellationToken: Token).ResponseAsync);
        await Check(loads, () => segmenter.LoadModelAsync(new SegmenterV1.LoadModelRequest(), cancellationToken: Token).ResponseAsync);

        async Task Check(bool allowed, Func<Task> call)
        {
            var error = await Record.ExceptionAsync(() => call().Within());
            if (allowed)
            {
                // The test's server does not do everything, but it was asked.
                Assert.True(error is null or RpcException { StatusCode: StatusCode.Unimplemented }, error?.ToString());
            }
            else
            {
                Refused(Assert.IsType<RpcException>(error), StatusCode.PermissionDenied);
            }
        }
    }

    [Fact]
    public async Task A_method_that_is_not_ours_is_told_to_those_who_are_known_only()
    {
        var key = AddKey(CallerRole.Admin);
        await using var server = await HostedServer.StartAsync("--Auth:KeysFile", KeysPath);
        var method = new Method<HealthCheckRequest, HealthCheckResponse>(
            MethodType.Unary, "no.Such", "Method", Marshallers.Create(m => Google.Protobuf.MessageExtensions.ToByteArray(m), HealthCheckRequest.Parser.ParseFrom), Marshallers.Create(m => Google.Protobuf.MessageExtensions.ToByteArray(m), HealthCheckResponse.Parser.ParseFrom));
        foreach (var (header, expected) in new[] { ("", StatusCode.Unauthenticated), ("Bearer " + key, StatusCode.Unimplemented) })
        {
            using var channel = Channel(server.Address, header);
            var error = await Error(() => channel.CreateCallInvoker()
                .AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Token), new HealthCheckRequest()).ResponseAsync);
            Assert.Equal(expected, error.StatusCode);
        }
    }

    [Fact]
    public async Task A_key_that_is_taken_out_of_the_file_loses_its_power_and_a_new_one_gains_it()
    {
        var old = AddKey(CallerRole.Predict);
        await using var server = await HostedServer.StartAsync("--Auth:KeysFile", KeysPath);
        using var first = Channel(server.Address, "Bearer " + old);
        await Ask(first).Within();

        File.Delete(KeysPath);
        var next = AddKey(CallerRole.Predict);
        File.SetLastWriteTimeUtc(KeysPath, File.GetLastWriteTimeUtc(KeysPath).AddSeconds(5));
        using var second = Channel(server.Address, "Bearer " + next);
        await UntilAsync(async () => await Record.ExceptionAsync(() => Ask(first)) is RpcException { StatusCode: StatusCode.Unauthenticated });
        await Ask(second).Within();

        var kept = await File.ReadAllTextAsync(KeysPath, Token);
        // A file that is being edited badly locks nobody out.
        await File.WriteAllTextAsync(KeysPath, "{", Token);
        File.SetLastWriteTimeUtc(KeysPath, File.GetLastWriteTimeUtc(KeysPath).AddSeconds(15));
        await Task.Delay(1100, Token);
        await Ask(second).Within();
        await Ask(second).Within();

        // One that is gone opens to nobody, and is read again when it is back.
        File.Delete(KeysPath);
        await UntilAsync(async () => await Record.ExceptionAsync(() => Ask(second)) is RpcException { StatusCode: StatusCode.Unauthenticated });
        await File.WriteAllTextAsync(KeysPath, kept, Token);
        await UntilAsync(async () => await Record.ExceptionAsync(() => Ask(second)) is null);
    }

    [Fact]
    public async Task Services_know_each_other_by_their_own_key()
    {
        var key = ApiKey.Create();
        await File.WriteAllTextAsync(_files["service-key"], key + "\n", Token);
        await using var server = await HostedServer.StartAsync("--Auth:ServiceKeyFile", _files["service-key"]);
        using var channel = GrpcChannel.ForAddress(server.Address);
        Refused(await Error(() => Segmenter(channel)), StatusCode.Unauthenticated);

        var options = new ServiceHostOptions { Auth = new AuthOptions { ServiceKey = key } };
        using var channels = new GrpcChannels(options, new Credentials(options, TimeProvider.System, NullLogger<Credentials>.Instance));
        await Served(() => Segmenter(channels.For(server.Address)));
        Refused(await Error(() => Ask(channels.For(server.Address))), StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Tls_with_a_key_works_and_without_the_authority_does_not()
    {
        var key = AddKey(CallerRole.Predict);
        await using var server = await HostedServer.StartAsync([.. Https, "--Auth:KeysFile", KeysPath]);
        Assert.StartsWith("https://", server.Address, StringComparison.Ordinal);
        using var trusting = Channel(server.Address, "Bearer " + key, CertificateTrust.Read(_files["ca.pem"]));
        await Ask(trusting).Within();
        using var wary = Channel(server.Address, "Bearer " + key);
        Assert.True((await Error(() => Ask(wary))).StatusCode is StatusCode.Unavailable or StatusCode.Internal);
    }

    [Theory]
    [InlineData("CN=somebody, OU=operate", null)]
    [InlineData("CN=somebody, OU=root", StatusCode.Unauthenticated)]
    [InlineData("CN=operate", StatusCode.Unauthenticated)]
    [InlineData("CN=somebody, OU=service", StatusCode.PermissionDenied)]
    public async Task A_client_certificate_of_the_authority_names_a_role(string subject, StatusCode? refused)
    {
        await using var server = await HostedServer.StartAsync([.. Https, "--Auth:ClientCaFile", _files["ca.pem"]]);
        using var channel = Channel(server.Address, "", CertificateTrust.Read(_files["ca.pem"]), _files.Issue("client", subject));
        var error = await Record.ExceptionAsync(() => Ask(channel).Within());
        Assert.Equal(refused, (error as RpcException)?.StatusCode);
    }

    [Theory]
    [InlineData("1.3.6.1.5.5.7.3.2", true)]
    [InlineData("1.3.6.1.5.5.7.3.1", false)]
    [InlineData("1.3.6.1.5.5.7.3.3", false)]
    public async Task A_certificate_that_says_what_it_is_for_is_taken_for_nothing_else(string use, bool accepted)
    {
        await using var server = await HostedServer.StartAsync([.. Https, "--Auth:ClientCaFile", _files["ca.pem"]]);
        var certificate = _files.Issue("client", "CN=somebody, OU=operate", use);
        using var channel = Channel(server.Address, "", CertificateTrust.Read(_files["ca.pem"]), certificate);
        var error = await Record.ExceptionAsync(() => Ask(channel).Within());
        // A client that knows its certificate to be of another use does not show it.
        Assert.True(accepted ? error is null : error is RpcException, error?.ToString());
        Assert.Equal(accepted, CertificateTrust.Read(_files["ca.pem"]).IsClient(certificate));
    }

    [Fact]
    public async Task A_certificate_of_another_authority_opens_nothing()
    {
        using var other = new TestCertificates();
        await using var server = await HostedServer.StartAsync([.. Https, "--Auth:ClientCaFile", _files["ca.pem"]]);
        using var channel = Channel(server.Address, "", CertificateTrust.Read(_files["ca.pem"]), other.Issue("client", "CN=x, OU=admin"));
        Assert.True((await Error(() => Ask(channel))).StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unauthenticated);
        using var bare = Channel(server.Address, "", CertificateTrust.Read(_files["ca.pem"]));
        Refused(await Error(() => Ask(bare)), StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Services_with_certificates_know_each_other_by_them()
    {
        await using var server = await HostedServer.StartAsync([.. Https, "--Auth:ClientCaFile", _files["ca.pem"]]);
        var options = new ServiceHostOptions
        {
            CertificateFile = _files["server.pem"],
            KeyFile = _files["server.key"],
            Auth = new AuthOptions { TrustedCaFile = _files["ca.pem"] },
        };
        using var channels = new GrpcChannels(options, new Credentials(options, TimeProvider.System, NullLogger<Credentials>.Instance));
        await Served(() => Segmenter(channels.For(server.Address)));
    }

    [Theory]
    [InlineData("Auth:KeysFile", "missing.jsonl")]
    [InlineData("Auth:ServiceKeyFile", "missing")]
    [InlineData("Auth:ServiceKey", "short")]
    [InlineData("Auth:TrustedCaFile", "server.key")]
    public async Task Credentials_that_cannot_be_used_stop_the_start(string option, string value)
    {
        var path = value.Contains('.', StringComparison.Ordinal) ? _files[value] : value;
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => HostedServer.StartAsync("--" + option, path));
        Assert.DoesNotContain("PRIVATE", error.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string[] Https =>
        ["--Listen", "https://127.0.0.1:0", "--CertificateFile", _files["server.pem"], "--KeyFile", _files["server.key"]];

    private static Task Ask(GrpcChannel channel) =>
        new GatewayService.GatewayServiceClient(channel).GetWorkflowAsync(new GetWorkflowRequest { WorkflowId = "x" }, cancellationToken: Token).ResponseAsync;

    private static Task Segmenter(GrpcChannel channel) => new SegmenterV1.SegmenterService.SegmenterServiceClient(channel)
        .GetServiceInfoAsync(new SegmenterV1.GetServiceInfoRequest(), cancellationToken: Token).ResponseAsync;

    private static async Task Served(Func<Task> call)
    {
        var error = await Record.ExceptionAsync(() => call().Within());
        Assert.True(error is null or RpcException { StatusCode: StatusCode.Unimplemented }, error?.ToString());
    }

    private static Task<RpcException> Error(Func<Task> call) => Assert.ThrowsAsync<RpcException>(() => call().Within());

    private static void Refused(RpcException error, StatusCode code)
    {
        Assert.Equal(code, error.StatusCode);
        var info = error.GetRpcStatus()!.GetDetail<ErrorInfo>();
        Assert.Equal("intrada", info.Domain);
        Assert.Equal(code == StatusCode.Unauthenticated ? "UNAUTHENTICATED" : "PERMISSION_DENIED", info.Reason);
        Assert.False(string.IsNullOrEmpty(error.Status.Detail));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 100, "It did not happen within 10 s.");
            await Task.Delay(100, Token);
        }
    }

    private static GrpcChannel Channel(string address, string header, CertificateTrust? trust = null, X509Certificate2? certificate = null)
    {
        var handler = new SocketsHttpHandler();
        if (trust is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, errors) => trust.IsServer(presented, errors);
        }

        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        return GrpcChannel.ForAddress(
            address, new GrpcChannelOptions { HttpHandler = new HeaderHandler(header, handler), DisposeHttpClient = true });
    }

    private string AddKey(CallerRole role)
    {
        var key = ApiKey.Create();
        var record = new KeyRecord(new Caller(ApiKey.CreateId(), role), ApiKey.Hash(key));
        File.AppendAllText(KeysPath, KeyFile.Write(record, "", TimeProvider.System.GetUtcNow()) + "\n");
        return key;
    }

    private sealed class HeaderHandler(string header, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (header.Length > 0)
            {
                request.Headers.TryAddWithoutValidation("authorization", header);
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
