using System.Security.Cryptography;

namespace IntraDA.Access;

/// <summary>A key at rest.</summary>
public sealed class KeyRecord
{
    private readonly byte[] _hash;

    /// <summary>Creates a record.</summary>
    /// <param name="caller">Whose key it is.</param>
    /// <param name="hash">SHA-256 of the key, 32 bytes.</param>
    public KeyRecord(Caller caller, byte[] hash)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(hash);
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, SHA256.HashSizeInBytes);
        Caller = caller;
        _hash = hash;
    }

    /// <summary>Whose key it is.</summary>
    public Caller Caller { get; }

    /// <summary>The SHA-256 as 64 lower-case hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash);

    /// <summary>Whether a hash is this key's, in a time that does not depend on where they differ.</summary>
    /// <param name="hash">SHA-256 of a presented key.</param>
    /// <returns>True where they are equal.</returns>
    public bool Matches(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(_hash, hash);
}
