using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IntraDA.Access;

/// <summary>
/// Keys of callers: 256 random bits, so that a plain SHA-256 is a safe form at rest; there is nothing to guess that a slow hash
/// would protect.
/// </summary>
public static class ApiKey
{
    /// <summary>Fewest characters of a key.</summary>
    public const int MinLength = 32;

    /// <summary>Most characters of a key.</summary>
    public const int MaxLength = 256;

    private const string Prefix = "intrada_";
    private const int RandomBytes = 32;

    /// <summary>Makes a key.</summary>
    /// <returns>51 characters of <c>[A-Za-z0-9_-]</c>; it is kept nowhere.</returns>
    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>Makes the id under which a key is listed and logged.</summary>
    /// <returns>"key-" and 8 random hexadecimal digits; it says nothing of the key.</returns>
    public static string CreateId() => "key-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    /// <summary>Whether a text has the form of a key.</summary>
    /// <param name="text">The text.</param>
    /// <returns>True for <see cref="MinLength"/> to <see cref="MaxLength"/> visible ASCII characters.</returns>
    public static bool IsWellFormed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is >= MinLength and <= MaxLength && text.All(c => c is > ' ' and < '\x7f');
    }

    /// <summary>The form in which a key is kept.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The SHA-256 of its characters, 32 bytes.</returns>
    public static byte[] Hash(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return SHA256.HashData(Encoding.UTF8.GetBytes(key));
    }
}
