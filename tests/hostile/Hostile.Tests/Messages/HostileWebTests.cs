using System.Net;
using System.Net.Sockets;
using System.Text;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Hostile.Tests.World;

namespace IntraDA.Hostile.Tests.Messages;

public sealed class HostileWebTests(HostileEnsemble ensemble)
{
    [Theory]
    [InlineData("/artifacts/../../../etc/passwd", 403, 404)]
    [InlineData("/artifacts/%2e%2e/%2e%2e/etc/passwd", 403, 404)]
    [InlineData("/artifacts/..%2f..%2fetc%2fpasswd", 403, 404)]
    [InlineData("/artifacts/a%00b?sha256=x&expires=9999999999&signature=x", 400, 403, 404)]
    [InlineData("/artifacts/uploads/x?sha256=x&size=-1&type=a&expires=99999999999999999999&signature=y", 403)]
    [InlineData("/artifacts/uploads/x?signature=%C3%28&expires=9999999999", 403)]
    [InlineData("/artifacts/uploads/x", 403)]
    [InlineData("/workflows/../../x/report.html", 404)]
    [InlineData("/workflows/..%2f..%2fx/report.html", 404)]
    [InlineData("/workflows/wf-0%0d%0aX:%20y/report.html", 404)]
    [InlineData("/", 404)]
    [InlineData("/gateway.json", 404)]
    public async Task A_hostile_address_is_refused(string target, params int[] expected)
    {
        Assert.Contains(await StatusAsync($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), expected);
        await ensemble.AliveAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/9.9\r\n\r\n")]
    [InlineData("NONSENSE\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nZZ\r\n")]
    public async Task A_hostile_request_is_refused(string request)
    {
        Assert.InRange(await StatusAsync(request), 400, 505);
        await ensemble.AliveAsync();
    }

    [Fact]
    public async Task A_hostile_header_of_a_megabyte_is_refused()
    {
        Assert.Contains(await StatusAsync($"GET / HTTP/1.1\r\nHost: x\r\nX: {new string('h', 1 << 20)}\r\n\r\n"), new[] { 0, 431, 400 });
        await ensemble.AliveAsync();
    }

    [Fact]
    public async Task A_hostile_change_of_any_part_of_a_link_ends_it()
    {
        var answer = await ensemble.Gateway.CreateDownloadLinkAsync(new CreateDownloadLinkRequest { Artifact = ensemble.Image, LifetimeSeconds = 60 }, ensemble.Soon);
        using var http = new HttpClient();
        using var good = await http.GetAsync(new Uri(answer.Url), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        foreach (var part in new[] { "sha256=", "size=", "type=", "expires=", "signature=", "uploads/" })
        {
            var at = answer.Url.IndexOf(part, StringComparison.Ordinal) + part.Length;
            var forged = answer.Url[..at] + (answer.Url[at] == '1' ? '2' : '1') + answer.Url[(at + 1)..];
            using var response = await http.GetAsync(new Uri(forged), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }

        await ensemble.AliveAsync();
    }

    private async Task<int> StatusAsync(string request)
    {
        var web = new Uri(ensemble.Services.Address("web"));
        using var client = new TcpClient();
        await client.ConnectAsync(web.Host, web.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[4096];
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(request), limit.Token);
            var read = await stream.ReadAtLeastAsync(buffer, 12, throwOnEndOfStream: false, limit.Token);
            return read >= 12 ? int.Parse(Encoding.ASCII.GetString(buffer, 9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;
        }
        catch (IOException)
        {
            // Closed in the middle of what was too long.
            return 0;
        }
    }
}
