using System.Net;

namespace IntraDA.Artifacts.Store;

/// <summary>Turns error answers without a body into exceptions that keep their status.</summary>
/// <remarks>
/// The S3 client ends in a NullReferenceException on most of them, and proxies send them: a 503 of a load balancer would look like a
/// programming error instead of something that passes. A HEAD that finds nothing is left to the client, which knows what it asked for.
/// </remarks>
internal sealed class S3ErrorHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const long MaxErrorBytes = 1 << 20;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var isHead = request.Method == HttpMethod.Head;
        if (response.IsSuccessStatusCode || (isHead && response.StatusCode == HttpStatusCode.NotFound))
        {
            return response;
        }

        if (!isHead)
        {
            await response.Content.LoadIntoBufferAsync(MaxErrorBytes, cancellationToken).ConfigureAwait(false);
            if (response.Content.Headers.ContentLength > 0)
            {
                return response;
            }
        }

        using (response)
        {
            throw new HttpRequestException($"HTTP {(int)response.StatusCode}", inner: null, response.StatusCode);
        }
    }
}
