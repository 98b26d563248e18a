namespace IntraDA.Data.Files;

/// <summary>Settings of the disk cache of data-set files; section "DatasetCache".</summary>
public sealed class FileCacheOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "DatasetCache";

    /// <summary>Bound where none is set and files come over a network, bytes.</summary>
    public const long DefaultMaxBytes = 16L << 30;

    /// <summary>Directory of the cache, on a local disk; processes may share it. Created where it is missing.</summary>
    /// <value>Empty (default): <c>cache/datasets</c> below the home directory of the services.</value>
    public string Directory { get; set; } = "";

    /// <summary>Bound over all files kept, bytes; 0 keeps none.</summary>
    /// <value>Null (default): 16 GiB where the store is S3, none where it is a directory, whose files are on disk already.</value>
    public long? MaxBytes { get; set; }

    /// <summary>What is wrong with the options.</summary>
    /// <returns>One sentence per violation, each naming its option; empty where all is well.</returns>
    public IReadOnlyList<string> Validate()
    {
        var violations = new List<string>();
        if (MaxBytes is < 0)
        {
            violations.Add("DatasetCache:MaxBytes must be 0, which keeps no file, or a number of bytes.");
        }

        if (Directory.Length > 0 && !Path.IsPathFullyQualified(Directory))
        {
            violations.Add($"DatasetCache:Directory '{Directory}' must be an absolute path.");
        }

        return violations;
    }
}
