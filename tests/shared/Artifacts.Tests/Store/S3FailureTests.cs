using System.Net;
using IntraDA.Artifacts.Store;

namespace IntraDA.Artifacts.Tests.Store;

public sealed class S3FailureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task A_server_that_ignores_the_condition_is_found_out()
    {
        using var server = new StubS3(context => context.Response.AddHeader("ETag", "\"1\""));
        using var store = server.Open();
        var error = await Assert.ThrowsAsync<ArtifactStoreException>(() => store.TryCreateAsync("a", "1"u8.ToArray(), "text/plain", Token));
        Assert.Contains("ignores If-None-Match", error.Message, StringComparison.Ordinal);
        Assert.Contains("Store:AllowSingleWriter", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task One_writer_may_go_on_without_the_condition()
    {
        var taken = false;
        using var server = new StubS3(context =>
        {
            var isObject = context.Request.Url!.AbsolutePath == "/stub/a";
            context.Response.AddHeader("ETag", "\"1\"");
            if (isObject && context.Request.HttpMethod == "HEAD" && !taken)
            {
                context.Response.StatusCode = 404;
            }

            taken |= isObject && context.Request.HttpMethod == "PUT";
        });
        using var store = server.Open(allowSingleWriter: true);
        Assert.NotNull(await store.TryCreateAsync("a", "1"u8.ToArray(), "text/plain", Token));
        Assert.Null(await store.TryCreateAsync("a", "2"u8.ToArray(), "text/plain", Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_creation_whose_answer_was_lost_is_known_as_ones_own()
    {
        var puts = 0;
        var writer = "";
        using var server = new StubS3(context =>
        {
            context.Response.AddHeader("ETag", "\"1\"");
            if (context.Request.Url!.AbsolutePath.StartsWith("/stub/.probe/", StringComparison.Ordinal))
            {
                context.Response.StatusCode = context.Request.HttpMethod == "PUT" && ++puts == 2 ? 412 : 200;
            }
            else if (context.Request.HttpMethod == "PUT" && writer.Length == 0)
            {
                // Stored, but the caller learns of a failure.
                writer = context.Request.Headers["x-amz-meta-intrada-writer"]!;
                context.Response.StatusCode = 503;
            }
            else if (context.Request.HttpMethod == "PUT")
            {
                context.Response.StatusCode = 412;
            }
            else if (context.Request.HttpMethod == "HEAD")
            {
                context.Response.AddHeader("x-amz-meta-intrada-writer", writer);
            }
        });
        using var store = server.Open();
        Assert.NotNull(await store.TryCreateAsync("a", "1"u8.ToArray(), "text/plain", Token));
        Assert.Null(await store.TryCreateAsync("a", "2"u8.ToArray(), "text/plain", Token));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(500, 5, true)]
    [InlineData(503, 5, true)]
    [InlineData(400, 1, false)]
    [InlineData(403, 1, false)]
    public async Task Only_failures_that_pass_are_tried_again(int status, int attempts, bool transient)
    {
        var puts = 0;
        using var server = new StubS3(context =>
        {
            if (context.Request.HttpMethod == "PUT")
            {
                puts++;
                context.Response.StatusCode = status;
            }
        });
        using var store = server.Open();
        var error = await Assert.ThrowsAsync<ArtifactStoreException>(() => store.PutBytesAsync("a", "1"u8.ToArray(), "text/plain", Token));
        Assert.Equal(transient, error.IsTransient);
        Assert.Equal(attempts, puts);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_put_that_fails_once_is_sent_again_from_its_start()
    {
        var puts = 0;
        var length = 0L;
        using var server = new StubS3(context =>
        {
            if (context.Request.HttpMethod == "PUT")
            {
                length = context.Request.ContentLength64;
                context.Response.StatusCode = ++puts == 1 ? (int)HttpStatusCode.ServiceUnavailable : 200;
                context.Response.AddHeader("ETag", "\"1\"");
            }
        });
        using var store = server.Open();
        var artifact = await store.PutBytesAsync("a", "1234"u8.ToArray(), "text/plain", Token);
        Assert.Equal((2, 4L, 4L), (puts, length, artifact.SizeBytes));
    }
}
