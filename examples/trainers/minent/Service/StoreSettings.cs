namespace MinEntTrainer.Service;

/// <summary>Where artefacts are: a directory, or a bucket of an S3 server.</summary>
internal sealed class StoreSettings
{
    /// <summary><c>Local</c> or <c>S3</c>.</summary>
    public string Kind { get; set; } = "Local";

    /// <summary>Local: the directory.</summary>
    public string Directory { get; set; } = "";

    /// <summary>S3: <c>host:port</c>, with <c>https://</c> before it where the connection is encrypted.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>S3: bucket.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>S3: access key.</summary>
    public string AccessKey { get; set; } = "";

    /// <summary>S3: secret key; never logged.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>S3: region of the signature.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>S3: what all keys lie under.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Whether the store is a bucket.</summary>
    public bool IsS3 => Kind.Equals("S3", StringComparison.OrdinalIgnoreCase);

    /// <summary>What is wrong.</summary>
    /// <returns>One sentence each.</returns>
    public IEnumerable<string> Problems()
    {
        if (IsS3)
        {
            if (new[] { Endpoint, Bucket, AccessKey, SecretKey }.Any(string.IsNullOrWhiteSpace))
            {
                yield return "Store:Endpoint, Store:Bucket, Store:AccessKey and Store:SecretKey are needed for S3.";
            }
        }
        else if (!Kind.Equals("Local", StringComparison.OrdinalIgnoreCase) || string.IsNullOrWhiteSpace(Directory))
        {
            yield return "Store:Kind is Local, with Store:Directory, or S3.";
        }
    }
}
