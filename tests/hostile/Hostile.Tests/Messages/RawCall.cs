using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;

namespace IntraDA.Hostile.Tests.Messages;

/// <summary>A gRPC call whose bytes are put together by hand.</summary>
internal static class RawCall
{
    /// <summary>A frame: whether it is compressed, its length, its message.</summary>
    public static byte[] Frame(byte[] message, byte flag = 0, uint? length = null)
    {
        var announced = length ?? (uint)message.Length;
        return [flag, (byte)(announced >> 24), (byte)(announced >> 16), (byte)(announced >> 8), (byte)announced, .. message];
    }

    /// <summary>Sends bytes as a request and throws the status of the answer, as a client would.</summary>
    public static async Task SendAsync(string address, string method, byte[] body, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address + "/" + method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var metadata = new Metadata();
        var code = StatusCode.OK;
        var message = "";
        foreach (var (name, values) in response.Headers.Concat(response.TrailingHeaders))
        {
            var value = string.Join(',', values);
            switch (name)
            {
                case "grpc-status":
                    code = (StatusCode)int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
                    break;
                case "grpc-message":
                    message = Uri.UnescapeDataString(value);
                    break;
                case "grpc-status-details-bin":
                    metadata.Add(name, Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '=')));
                    break;
                default:
                    break;
            }
        }

        if (code != StatusCode.OK)
        {
            throw new RpcException(new Status(code, message), metadata);
        }
    }
}
