using System.Net.Http.Headers;

namespace IntraDA.Cli.Gateways;

/// <summary>Adds the user's API key to every call.</summary>
internal sealed class KeyHandler : DelegatingHandler
{
    private readonly AuthenticationHeaderValue _header;

    /// <summary>Creates the handler.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inner">Sends the calls.</param>
    public KeyHandler(string key, HttpMessageHandler inner)
        : base(inner) => _header = new AuthenticationHeaderValue("Bearer", key);

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _header;
        return base.SendAsync(request, cancellationToken);
    }
}
