namespace IntraDA.Artifacts.Store;

/// <summary>The bounds of download links, which are those of S3 signatures.</summary>
internal static class LinkLifetime
{
    public static void Require(TimeSpan lifetime)
    {
        if (lifetime < TimeSpan.FromSeconds(1) || lifetime > TimeSpan.FromDays(7))
        {
            throw new ArgumentOutOfRangeException(nameof(lifetime), lifetime, "A link lives one second to seven days.");
        }
    }
}
