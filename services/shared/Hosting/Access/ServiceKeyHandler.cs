using System.Net.Http.Headers;

namespace IntraDA.Hosting.Access;

/// <summary>Adds this service's own key to its calls.</summary>
internal sealed class ServiceKeyHandler : DelegatingHandler
{
    private readonly AuthenticationHeaderValue _header;

    public ServiceKeyHandler(string key, HttpMessageHandler inner)
        : base(inner) => _header = new AuthenticationHeaderValue("Bearer", key);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _header;
        return base.SendAsync(request, cancellationToken);
    }
}
