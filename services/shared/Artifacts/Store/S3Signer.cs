using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IntraDA.Artifacts.Store;

/// <summary>Signs requests by AWS Signature Version 4 (AWS General Reference, "Create a signed AWS API request").</summary>
/// <remarks>
/// The payload is left out of the signature: what is stored is verified by its own SHA-256 whenever it is read, and a second hash over
/// every byte, here and at the server, is what transfers of checkpoints would spend most of their time on.
/// </remarks>
internal sealed class S3Signer(string accessKey, string secretKey, string region, TimeProvider timeProvider)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string UnsignedPayload = "UNSIGNED-PAYLOAD";
    private const string SignedHeaders = "host;x-amz-content-sha256;x-amz-date";

    /// <summary>Adds the headers that carry the signature.</summary>
    /// <param name="request">A request with an absolute address, whose query is in the order of its names.</param>
    public void Sign(HttpRequestMessage request)
    {
        var address = request.RequestUri!;
        var now = timeProvider.GetUtcNow();
        var time = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{region}/s3/aws4_request";
        var canonical = string.Join(
            '\n',
            request.Method.Method,
            address.AbsolutePath,
            address.Query.TrimStart('?'),
            $"host:{address.Authority}",
            $"x-amz-content-sha256:{UnsignedPayload}",
            $"x-amz-date:{time}",
            "",
            SignedHeaders,
            UnsignedPayload);
        var text = string.Join('\n', Algorithm, time, scope, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + secretKey), time[..8]), region), "s3"), "aws4_request");
        var signature = Convert.ToHexStringLower(Mac(key, text));
        request.Headers.TryAddWithoutValidation("x-amz-content-sha256", UnsignedPayload);
        request.Headers.TryAddWithoutValidation("x-amz-date", time);
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{Algorithm} Credential={accessKey}/{scope}, SignedHeaders={SignedHeaders}, Signature={signature}");
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
