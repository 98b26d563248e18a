using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IntraDA.Durability.Tests.Outages;

/// <summary>
/// Stands between the services and a real S3 server and does what a network, or a proxy, does on a bad day. One request a connection:
/// "Connection: close" is put into each, which no signature covers.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private const int MaxHeaderBytes = 64 << 10;
    private const int ResetAfter = 512;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Fault, int> _counts = new();
    private readonly ConcurrentQueue<ProxiedRequest> _seen = new();
    private readonly int _upstream;
    private readonly Task _serving;
    private volatile Func<ProxiedRequest, Fault> _plan = _ => Fault.None;

    /// <summary>Starts it.</summary>
    /// <param name="upstream">Port of the server on this machine.</param>
    public FaultProxy(int upstream)
    {
        _upstream = upstream;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Chooses what becomes of each request.</summary>
    public Func<ProxiedRequest, Fault> Plan
    {
        get => _plan;
        set => _plan = value;
    }

    /// <summary>All requests so far.</summary>
    public IReadOnlyCollection<ProxiedRequest> Seen => _seen;

    /// <summary>How often a fault was really dealt out.</summary>
    public int Count(Fault fault) => _counts.GetValueOrDefault(fault);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _end.Dispose();
    }

    private static async Task<byte[]> ReadHeaderAsync(NetworkStream from, List<byte> rest, CancellationToken cancellationToken)
    {
        var bytes = new List<byte>();
        var buffer = new byte[8192];
        while (bytes.Count < MaxHeaderBytes)
        {
            var count = await from.ReadAsync(buffer, cancellationToken);
            if (count == 0)
            {
                return [];
            }

            bytes.AddRange(buffer.AsSpan(0, count));
            var end = bytes.ToArray().AsSpan().IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                rest.AddRange(bytes.Skip(end + 4));
                return [.. bytes.Take(end + 4)];
            }
        }

        throw new InvalidDataException("The header is too long.");
    }

    private static ProxiedRequest Parse(string header)
    {
        var lines = header.Split("\r\n");
        var words = lines[0].Split(' ');
        var length = lines.FirstOrDefault(line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase));
        return new ProxiedRequest(
            words[0], words[1], length is null ? 0 : long.Parse(length.Split(':')[1].Trim(), CultureInfo.InvariantCulture));
    }

    private static byte[] ClosingHeader(string header)
    {
        var lines = header.Split("\r\n").Where(line => !line.StartsWith("connection:", StringComparison.OrdinalIgnoreCase)).ToList();
        lines.Insert(1, "Connection: close");
        return Encoding.Latin1.GetBytes(string.Join("\r\n", lines));
    }

    private async Task ServeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_end.Token);
            _ = RelayAsync(client);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await RelayAsync(client, client.GetStream());
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or InvalidDataException)
            {
                // Either side went away, which is what this is for.
            }
        }
    }

    private async Task RelayAsync(TcpClient client, NetworkStream stream)
    {
        var body = new List<byte>();
        var header = Encoding.Latin1.GetString(await ReadHeaderAsync(stream, body, _end.Token));
        if (header.Length == 0)
        {
            return;
        }

        var request = Parse(header);
        _seen.Enqueue(request);
        var fault = Plan(request);
        if (fault is Fault.Unavailable or Fault.Forbidden)
        {
            _counts.AddOrUpdate(fault, 1, (_, count) => count + 1);
            await CopyBodyAsync(stream, body, Stream.Null, request.BodyLength, limit: long.MaxValue);
            var status = fault == Fault.Unavailable ? "503 Service Unavailable" : "403 Forbidden";
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _end.Token);
            return;
        }

        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _upstream, _end.Token);
        var upstream = server.GetStream();
        await upstream.WriteAsync(ClosingHeader(header), _end.Token);
        var limit = fault == Fault.ResetRequest && request.BodyLength > 0 ? request.BodyLength / 2 : long.MaxValue;
        await CopyBodyAsync(stream, body, upstream, request.BodyLength, limit);
        if (limit < long.MaxValue)
        {
            Reset(server, Fault.None);
            Reset(client, fault);
            return;
        }

        await AnswerAsync(client, stream, upstream, fault);
    }

    private async Task AnswerAsync(TcpClient client, NetworkStream stream, NetworkStream upstream, Fault fault)
    {
        var body = new List<byte>();
        var header = await ReadHeaderAsync(upstream, body, _end.Token);
        var isWhole = header.AsSpan().StartsWith("HTTP/1.1 200"u8) || header.AsSpan().StartsWith("HTTP/1.1 206"u8);
        await stream.WriteAsync(header, _end.Token);
        var sent = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            var count = body.Count;
            body.CopyTo(buffer);
            while (count > 0 || (count = await upstream.ReadAsync(buffer, _end.Token)) > 0)
            {
                if (fault == Fault.Damage && isWhole && sent == 0)
                {
                    buffer[count / 2] ^= 0x10;
                    _counts.AddOrUpdate(fault, 1, (_, n) => n + 1);
                }

                if (fault == Fault.ResetAnswer && isWhole)
                {
                    await stream.WriteAsync(buffer.AsMemory(0, Math.Min(count - 1, ResetAfter)), _end.Token);
                    // What was written is on its way before the reset is.
                    await Task.Delay(20, _end.Token);
                    Reset(client, fault);
                    return;
                }

                await stream.WriteAsync(buffer.AsMemory(0, count), _end.Token);
                sent += count;
                count = 0;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task CopyBodyAsync(NetworkStream from, List<byte> begun, Stream to, long length, long limit)
    {
        await to.WriteAsync(begun.ToArray(), _end.Token);
        long copied = begun.Count;
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            while (copied < Math.Min(length, limit))
            {
                var count = await from.ReadAsync(buffer, _end.Token);
                if (count == 0)
                {
                    throw new IOException("The client went away.");
                }

                await to.WriteAsync(buffer.AsMemory(0, count), _end.Token);
                copied += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Reset(TcpClient connection, Fault fault)
    {
        if (fault != Fault.None)
        {
            _counts.AddOrUpdate(fault, 1, (_, count) => count + 1);
        }

        // Closing with no time to linger sends RST.
        connection.LingerState = new LingerOption(true, 0);
        connection.Close();
    }
}
