using System.Net;
using System.Net.Sockets;
using IntraDA.Artifacts.Store;

namespace IntraDA.Artifacts.Tests.Store;

/// <summary>A server that misbehaves as told: what a real one does on a bad day cannot be ordered from it.</summary>
internal sealed class StubS3 : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Action<HttpListenerContext> _answer;
    private readonly int _port;

    public StubS3(Action<HttpListenerContext> answer)
    {
        _answer = answer;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            _port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public S3ArtifactStore Open(bool allowSingleWriter = false) => new(
        new S3StoreOptions
        {
            Endpoint = $"127.0.0.1:{_port}",
            Bucket = "stub",
            AccessKey = "key",
            SecretKey = "secret",
            RetryDelay = TimeSpan.FromMilliseconds(1),
            MaxRetries = 4,
            AllowSingleWriter = allowSingleWriter,
        },
        TimeProvider.System);

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await context.Request.InputStream.CopyToAsync(Stream.Null);
            _answer(context);
            context.Response.Close();
        }
    }
}
