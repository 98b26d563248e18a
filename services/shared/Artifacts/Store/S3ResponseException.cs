using System.Net;

namespace IntraDA.Artifacts.Store;

/// <summary>An answer of the S3 server that says no.</summary>
/// <param name="status">Its HTTP status.</param>
/// <param name="code">S3's own code, such as <c>NoSuchKey</c>; empty where the answer has none.</param>
internal sealed class S3ResponseException(HttpStatusCode status, string code)
    : Exception($"HTTP {(int)status}{(code.Length > 0 ? $", {code}" : "")}")
{
    public HttpStatusCode Status => status;

    public string Code => code;
}
