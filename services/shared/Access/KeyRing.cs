namespace IntraDA.Access;

/// <summary>The keys that a service accepts.</summary>
/// <param name="records">The keys at rest.</param>
public sealed class KeyRing(IReadOnlyList<KeyRecord> records)
{
    /// <summary>A ring that accepts nothing.</summary>
    public static KeyRing Empty { get; } = new([]);

    /// <summary>The keys at rest.</summary>
    public IReadOnlyList<KeyRecord> Records { get; } = records;

    /// <summary>Whose key this is.</summary>
    /// <param name="key">A key as it was presented.</param>
    /// <returns>The caller; null where no record matches. The time taken does not depend on which record does.</returns>
    public Caller? Find(string key)
    {
        var hash = ApiKey.Hash(key);
        Caller? found = null;
        foreach (var record in Records)
        {
            // Every record is compared: an early end would tell the place of a match.
            if (record.Matches(hash))
            {
                found = record.Caller;
            }
        }

        return found;
    }
}
