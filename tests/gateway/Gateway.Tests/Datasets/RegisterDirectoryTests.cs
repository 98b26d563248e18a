using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Tests.Ensemble;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Tests.Datasets;

public sealed class RegisterDirectoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Progress_comes_while_a_directory_is_read_and_the_data_set_last()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var messages = await RegisterAsync(ensemble, new RegisterDirectoryRequest
        {
            Name = "again",
            Directory = new DirectoryDataset { Path = ensemble.FolderOf("source"), Layout = "plain" },
        });

        Assert.True(messages.Count >= 2, $"{messages.Count} messages came.");
        Assert.All(messages.SkipLast(1), message => Assert.Equal(("reading", 3L), (message.Progress.Activity, message.Progress.Total)));
        Assert.Equal(("again", 3L, 3L), (messages[^1].Dataset.Name, messages[^1].Dataset.Images, messages[^1].Dataset.Labelled));
        var listed = await ensemble.Client.ListDatasetsAsync(new ListDatasetsRequest(), cancellationToken: Token).ResponseAsync.Within();
        Assert.Contains(messages[^1].Dataset, listed.Datasets);
    }

    [Fact]
    public async Task A_call_may_last_longer_than_one_with_a_single_answer()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var hurried = ensemble.ClientOf(await ensemble.StartGatewayAsync("--Limits:CallSeconds", "1"));
        using var call = hurried.RegisterDirectory(
            new RegisterDirectoryRequest { Name = "x", Directory = new DirectoryDataset { Path = ensemble.FolderOf("source"), Layout = "plain" } },
            cancellationToken: Token);
        await Task.Delay(TimeSpan.FromSeconds(1.5), Token);
        while (await call.ResponseStream.MoveNext(Token).Within())
        {
            // To the end, which must come without DEADLINE_EXCEEDED.
        }

        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_damaged_image_a_wrong_name_and_no_directory_are_refused()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var image = Path.Combine(ensemble.FolderOf("source"), "images", "1.png");
        var bytes = await File.ReadAllBytesAsync(image, Token);
        await File.WriteAllBytesAsync(image, bytes[..(bytes.Length / 2)], Token);

        var error = await Assert.ThrowsAsync<RpcException>(() => RegisterAsync(ensemble, new RegisterDirectoryRequest
        {
            Name = "cut",
            Directory = new DirectoryDataset { Path = ensemble.FolderOf("source"), Layout = "plain" },
        }));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("images/1.png", error.Status.Detail, StringComparison.Ordinal);

        error = await Assert.ThrowsAsync<RpcException>(() => RegisterAsync(ensemble, new RegisterDirectoryRequest { Name = "No Name" }));
        Assert.Equal(["name", "directory"], RpcErrors.ReadViolations(RpcErrors.Read(error)).Select(violation => violation.Field));
    }

    private static async Task<List<RegisterDirectoryResponse>> RegisterAsync(TestEnsemble ensemble, RegisterDirectoryRequest request)
    {
        using var call = ensemble.Client.RegisterDirectory(request, cancellationToken: Token);
        var messages = new List<RegisterDirectoryResponse>();
        while (await call.ResponseStream.MoveNext(Token).Within())
        {
            messages.Add(call.ResponseStream.Current);
        }

        return messages;
    }
}
