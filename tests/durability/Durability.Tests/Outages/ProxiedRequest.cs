namespace IntraDA.Durability.Tests.Outages;

/// <summary>A request on its way.</summary>
/// <param name="Method">E.g. GET.</param>
/// <param name="Target">Path and query.</param>
/// <param name="BodyLength">Bytes of its body.</param>
internal sealed record ProxiedRequest(string Method, string Target, long BodyLength)
{
    /// <summary>Whether it asks for the bytes of one object.</summary>
    public bool IsDownload => Method == "GET" && !Target.Contains('?', StringComparison.Ordinal) && Target.Count(c => c == '/') > 1;

    /// <summary>Whether it sends the bytes of an object, or a part of them.</summary>
    public bool IsUpload => Method == "PUT" && BodyLength > 0;
}
