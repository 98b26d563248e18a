using System.Text.RegularExpressions;

namespace IntraDA.Gateway.Transfers;

/// <summary>Media types as they may stand in a header.</summary>
internal static partial class MediaTypes
{
    /// <summary>What callers are told.</summary>
    public const string Rule = "Name a media type of at most 128 characters, e.g. application/octet-stream.";

    /// <summary>Whether a text is a media type: type, subtype and parameters (RFC 9110, 8.3.1), without quoted strings.</summary>
    public static bool IsValid(string text) => text.Length <= 128 && Form().IsMatch(text);

    [GeneratedRegex(@"^[\w!#$&^.+-]+/[\w!#$&^.+-]+(; ?[\w-]+=[\w.-]+)*\z", RegexOptions.ECMAScript)]
    private static partial Regex Form();
}
