using System.Text.RegularExpressions;

namespace IntraDA.Artifacts.Store;

/// <summary>How an S3 server is reached, and how patiently.</summary>
public sealed partial class S3StoreOptions
{
    /// <summary><c>host:port</c> or <c>http(s)://host:port</c>.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Bucket; created where it is missing.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>Access key.</summary>
    public string AccessKey { get; set; } = "";

    /// <summary>Secret key. Never logged, never part of a message.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>Region of the signature.</summary>
    /// <value>Defaults to <c>us-east-1</c>.</value>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Whether the connection is encrypted; an endpoint that begins with <c>https://</c> is always.</summary>
    public bool UseTls { get; set; }

    /// <summary>What all keys are stored under; empty, or a key such as <c>team/intrada</c>.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Goes on with a server that ignores <c>If-None-Match</c>; safe with one writer only.</summary>
    public bool AllowSingleWriter { get; set; }

    /// <summary>How often a failed transfer is repeated where that can help, 0..100.</summary>
    /// <value>Defaults to 14: with the other defaults, about 45 s of a server that answers nothing but errors.</value>
    public int MaxRetries { get; set; } = 14;

    /// <summary>Delay before the first repetition, doubled each time, with jitter; 1 ms to 1 minute.</summary>
    /// <value>Defaults to 0.2 s.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest delay between repetitions, 1 ms to 1 minute.</summary>
    /// <value>Defaults to 5 s.</value>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A transfer that moves no byte for so long is given up; 0.1 s to 1 hour.</summary>
    /// <value>Defaults to 60 s: one part of 16 MiB at 0.3 MB/s.</value>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Uploads in parts begun so long ago belong to writers that were killed, and are thrown away; 1 s to 365 days.</summary>
    /// <value>Defaults to a day: no upload takes longer.</value>
    public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>What is wrong with the options.</summary>
    /// <returns>One sentence per violation, each naming its option; empty where all is well.</returns>
    public IReadOnlyList<string> Validate()
    {
        var violations = new List<string>();
        void Require(bool ok, string violation)
        {
            if (!ok)
            {
                violations.Add(violation);
            }
        }

        Require(TryGetEndpoint(out _, out _), "Store:Endpoint must be host:port or http(s)://host:port, without a path or credentials.");
        Require(BucketName().IsMatch(Bucket), "Store:Bucket must be 3 to 63 characters of [a-z0-9.-] that begin and end with a letter or digit.");
        Require(!string.IsNullOrWhiteSpace(AccessKey), "Store:AccessKey is empty.");
        Require(!string.IsNullOrWhiteSpace(SecretKey), "Store:SecretKey is empty.");
        Require(!string.IsNullOrWhiteSpace(Region), "Store:Region is empty; us-east-1 suits servers of one's own.");
        Require(Prefix.Length == 0 || ArtifactKey.IsValid(Prefix), "Store:Prefix must be empty or an artefact key of [a-z0-9/._-].");
        Require(MaxRetries is >= 0 and <= 100, "Store:MaxRetries must be 0 to 100.");
        Require(RetryDelay >= TimeSpan.FromMilliseconds(1) && RetryDelay <= TimeSpan.FromMinutes(1), "Store:RetryDelay must be 1 ms to 1 minute.");
        Require(MaxRetryDelay >= TimeSpan.FromMilliseconds(1) && MaxRetryDelay <= TimeSpan.FromMinutes(1), "Store:MaxRetryDelay must be 1 ms to 1 minute.");
        Require(StallTimeout >= TimeSpan.FromSeconds(0.1) && StallTimeout <= TimeSpan.FromHours(1), "Store:StallTimeout must be 0.1 s to 1 hour.");
        Require(UploadLifetime >= TimeSpan.FromSeconds(1) && UploadLifetime <= TimeSpan.FromDays(365), "Store:UploadLifetime must be 1 s to 365 days.");
        return violations;
    }

    internal bool TryGetEndpoint(out string authority, out bool tls)
    {
        tls = UseTls;
        authority = "";
        var text = Endpoint.Contains("://", StringComparison.Ordinal) ? Endpoint : $"{(UseTls ? "https" : "http")}://{Endpoint}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
            || uri.Host.Length == 0 || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
        {
            return false;
        }

        tls = UseTls || uri.Scheme == "https";
        authority = uri.Authority;
        return true;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();
}
