namespace IntraDA.Artifacts.Store;

/// <summary>Where artefacts are kept.</summary>
public enum StoreKind
{
    /// <summary>In a directory that all services see.</summary>
    Local,

    /// <summary>In a bucket of an S3 server.</summary>
    S3,
}
