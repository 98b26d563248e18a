using System.Net;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Tests.Ensemble;

namespace IntraDA.Gateway.Tests.Transfers;

public sealed class ArtifactTransferTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_go_in_and_out_and_over_a_link_until_its_time_is_over()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var bytes = RandomNumberGenerator.GetBytes(3_000_000);
        var artifact = await UploadAsync(ensemble, bytes, Digest(bytes), bytes.Length);
        using var download = ensemble.Client.DownloadArtifact(new DownloadArtifactRequest { Artifact = artifact }, cancellationToken: Token);
        using var back = new MemoryStream();
        while (await download.ResponseStream.MoveNext(Token).Within())
        {
            Assert.InRange(download.ResponseStream.Current.Chunk.Length, 1, 256 << 10);
            download.ResponseStream.Current.Chunk.WriteTo(back);
        }

        Assert.Equal(bytes, back.ToArray());

        var link = await ensemble.Client
            .CreateDownloadLinkAsync(new CreateDownloadLinkRequest { Artifact = artifact, LifetimeSeconds = 5 }, cancellationToken: Token)
            .ResponseAsync.Within();
        using var http = new HttpClient();
        Assert.Equal(bytes, await http.GetByteArrayAsync(new Uri(link.Url), Token).Within());
        var forged = await http.GetAsync(new Uri(link.Url.Replace("/uploads/", "/uploads2/", StringComparison.Ordinal)), Token).Within();
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        var late = HttpStatusCode.OK;
        for (var i = 0; i < 100 && late == HttpStatusCode.OK; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.2), Token);
            late = (await http.GetAsync(new Uri(link.Url), Token).Within()).StatusCode;
        }

        Assert.Equal(HttpStatusCode.Forbidden, late);
    }

    [Fact]
    public async Task Other_bytes_than_announced_are_refused_and_nothing_is_kept()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var bytes = RandomNumberGenerator.GetBytes(1000);
        foreach (var (digest, size) in new[] { (new string('0', 64), 1000), (Digest(bytes), 999), (Digest(bytes), 1001) })
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => UploadAsync(ensemble, bytes, digest, size));
            Assert.Equal(StatusCode.DataLoss, error.StatusCode);
            Assert.Null(await ensemble.Store.GetSizeAsync($"uploads/{digest}", Token));
        }
    }

    [Fact]
    public async Task A_report_can_be_read_with_a_browser()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var spec = TestEnsemble.Spec();
        spec.SkipControls = true;
        var end = await ensemble.FinishAsync((await ensemble.CreateAsync(spec)).Id);
        using var http = new HttpClient { BaseAddress = new Uri(GatewayApplication.WebAddressOf(ensemble.Gateway)) };
        var page = await http.GetStringAsync(new Uri($"/workflows/{end.Id}/report.html", UriKind.Relative), Token).Within();
        Assert.Contains("<html", page, StringComparison.OrdinalIgnoreCase);
        var missing = await http.GetAsync(new Uri("/workflows/wf-0000000000000000/report.html", UriKind.Relative), Token).Within();
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Directories_outside_of_the_allowed_roots_are_refused()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var root = Directory.CreateTempSubdirectory("intrada-root-").FullName;
        var link = Path.Combine(root, "link");
        Directory.CreateSymbolicLink(link, Path.GetTempPath());
        try
        {
            var strict = ensemble.ClientOf(await ensemble.StartGatewayAsync("--Datasets:AllowedRoots:0", root));
            foreach (var path in new[] { "/etc", root + "-beside", link })
            {
                var error = await Assert.ThrowsAsync<RpcException>(() => strict
                    .RegisterDatasetAsync(
                        new RegisterDatasetRequest { Name = "x", Directory = new DirectoryDataset { Path = path, Layout = "plain" } },
                        cancellationToken: Token).ResponseAsync.Within());
                Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static async Task<Artifact> UploadAsync(TestEnsemble ensemble, byte[] bytes, string digest, long size)
    {
        using var call = ensemble.Client.UploadArtifact(cancellationToken: Token);
        var header = new UploadHeader { Sha256 = digest, SizeBytes = size, MediaType = "application/octet-stream" };
        await call.RequestStream.WriteAsync(new UploadArtifactRequest { Header = header }, Token).Within();
        foreach (var chunk in bytes.Chunk(1 << 20))
        {
            await call.RequestStream.WriteAsync(new UploadArtifactRequest { Chunk = ByteString.CopyFrom(chunk) }, Token).Within();
        }

        await call.RequestStream.CompleteAsync().Within();
        return (await call.ResponseAsync.Within()).Artifact;
    }
}
