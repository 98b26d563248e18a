using System.Buffers;

namespace IntraDA.Artifacts.Store;

/// <summary>The rules of artefact keys, and the keys that follow from content.</summary>
/// <remarks>
/// A key is 1 to 512 characters of <c>[a-z0-9/._-]</c>, without a leading or trailing '/', and without an empty, '.' or '..'
/// segment. The alphabet is what every S3 server, file system and URL carries unchanged.
/// </remarks>
public static class ArtifactKey
{
    /// <summary>Greatest length of a key in characters.</summary>
    public const int MaxLength = 512;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether a string is a key.</summary>
    /// <param name="key">The candidate.</param>
    /// <returns>True where <see cref="Validate"/> would not throw.</returns>
    public static bool IsValid(string? key) => Problem(key) is null;

    /// <summary>Checks a key.</summary>
    /// <param name="key">The candidate.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">It is none; the message says which rule it breaks.</exception>
    public static string Validate(string? key) =>
        Problem(key) is { } problem ? throw new ArgumentException($"'{Shown(key)}' is no artefact key: {problem}.", nameof(key)) : key!;

    /// <summary>Checks a prefix of keys: empty, or the leading part of some key ('/' at its end is allowed).</summary>
    /// <param name="prefix">The candidate.</param>
    /// <returns>The prefix.</returns>
    /// <exception cref="ArgumentException">No key can begin with it.</exception>
    public static string ValidatePrefix(string? prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);

        // A prefix may end in the middle of a segment ("a/." begins "a/.b"), so one more letter must make it a key.
        var problem = Problem(prefix + "x");
        return problem is null ? prefix : throw new ArgumentException($"'{Shown(prefix)}' begins no artefact key: {problem}.", nameof(prefix));
    }

    /// <summary>Joins a prefix and a name with exactly one '/'.</summary>
    /// <param name="prefix">Empty, or a prefix with or without '/' at its end.</param>
    /// <param name="name">Rest of the key.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">The result is no key.</exception>
    public static string Combine(string prefix, string name)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return Validate(prefix.Length == 0 ? name : prefix.EndsWith('/') ? prefix + name : $"{prefix}/{name}");
    }

    /// <summary>The key of content-addressed bytes: <c>blobs/sha256/ab/abcd...</c>.</summary>
    /// <param name="sha256">64 lower-case hexadecimal digits.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">The digest has another form.</exception>
    public static string Blob(string sha256)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        return IsDigest(sha256)
            ? $"blobs/sha256/{sha256.AsSpan(0, 2)}/{sha256}"
            : throw new ArgumentException($"'{Shown(sha256)}' is no SHA-256: 64 lower-case hexadecimal digits are.", nameof(sha256));
    }

    /// <summary>Whether a string is a SHA-256 in the form of references: 64 lower-case hexadecimal digits.</summary>
    /// <param name="text">The candidate.</param>
    /// <returns>True for a digest.</returns>
    public static bool IsDigest(string? text) =>
        text is { Length: 64 } && text.AsSpan().IndexOfAnyExcept(HexDigits) < 0;

    private static string? Problem(string? key)
    {
        if (string.IsNullOrEmpty(key))
        {
            return "it is empty";
        }

        if (key.Length > MaxLength)
        {
            return $"it has {key.Length} characters, {MaxLength} are allowed";
        }

        foreach (var c in key)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('/' or '.' or '_' or '-'))
            {
                return $"character U+{(int)c:X4} is not one of [a-z0-9/._-]";
            }
        }

        foreach (var segment in key.AsSpan().Split('/'))
        {
            var part = key.AsSpan()[segment];
            if (part.IsEmpty)
            {
                return "it begins or ends with '/', or has an empty segment";
            }

            if (part is "." or "..")
            {
                return $"it has a '{part}' segment";
            }
        }

        return null;
    }

    private static string Shown(string? key) =>
        key is null ? "" : new string([.. key.Take(64).Select(c => char.IsControl(c) ? '?' : c)]) + (key.Length > 64 ? "..." : "");
}
