namespace IntraDA.Artifacts.Store;

/// <summary>Configuration section <c>Store</c>: which artefact store the services share.</summary>
public sealed class StoreOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Store";

    /// <summary>Where artefacts are kept.</summary>
    /// <value><see cref="StoreKind.Local"/> by default.</value>
    public StoreKind Kind { get; set; } = StoreKind.Local;

    /// <summary>Local: the directory; created where it is missing.</summary>
    public string Directory { get; set; } = "";

    /// <summary>S3: <c>host:port</c> or <c>http(s)://host:port</c>.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>S3: bucket; created where it is missing.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>S3: access key.</summary>
    public string AccessKey { get; set; } = "";

    /// <summary>S3: secret key. Never logged, never part of a message.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>S3: region of the signature.</summary>
    /// <value>Defaults to <c>us-east-1</c>, which servers of one's own take.</value>
    public string Region { get; set; } = "us-east-1";

    /// <summary>S3: whether the connection is encrypted; an endpoint that begins with <c>https://</c> is always.</summary>
    public bool UseTls { get; set; }

    /// <summary>S3: what all keys are stored under; empty, or a key such as <c>team/intrada</c>.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>
    /// S3: goes on with a server that ignores <c>If-None-Match</c>. Creation is then check-then-put, which is safe with one writer only.
    /// </summary>
    public bool AllowSingleWriter { get; set; }

    /// <summary>S3: how often a failed transfer is repeated where that can help, 0..100.</summary>
    /// <value>Defaults to 14: about 45 s of a server that answers nothing but errors.</value>
    public int MaxRetries { get; set; } = new S3StoreOptions().MaxRetries;

    /// <summary>S3: a transfer that moves no byte for so long is given up; 0.1 s to 1 hour.</summary>
    /// <value>Defaults to 60 s.</value>
    public TimeSpan StallTimeout { get; set; } = new S3StoreOptions().StallTimeout;

    /// <summary>S3: uploads in parts begun so long ago belong to writers that were killed, and are thrown away at the start; 1 s to 365 days.</summary>
    /// <value>Defaults to a day.</value>
    public TimeSpan UploadLifetime { get; set; } = new S3StoreOptions().UploadLifetime;

    /// <summary>What is wrong with the options.</summary>
    /// <returns>One sentence per violation, each naming its option; empty where all is well.</returns>
    public IReadOnlyList<string> Validate()
    {
        if (Kind == StoreKind.Local)
        {
            return string.IsNullOrWhiteSpace(Directory) ? ["Store:Directory is empty; name the directory that keeps the artefacts."] : [];
        }

        return Kind == StoreKind.S3 ? ToS3().Validate() : [$"Store:Kind is {(int)Kind}; Local and S3 are known."];
    }

    /// <summary>The part of the options that concerns S3.</summary>
    /// <returns>A copy.</returns>
    public S3StoreOptions ToS3() => new()
    {
        Endpoint = Endpoint,
        Bucket = Bucket,
        AccessKey = AccessKey,
        SecretKey = SecretKey,
        Region = Region,
        UseTls = UseTls,
        Prefix = Prefix,
        AllowSingleWriter = AllowSingleWriter,
        MaxRetries = MaxRetries,
        StallTimeout = StallTimeout,
        UploadLifetime = UploadLifetime,
    };
}
