using System.Security.Cryptography;
using System.Text;

namespace IntraDA.Cli.Datasets;

/// <summary>Names under which folders are registered when the user gives none.</summary>
internal static class DatasetNames
{
    private const int LongestStem = 40;

    /// <summary>A name that is the same for the same place and use, and different for others.</summary>
    /// <param name="place">The folder, resolved.</param>
    /// <param name="role">Its use: <c>source</c>, <c>target</c> or <c>validation</c>.</param>
    /// <returns>At most 64 characters of <c>[a-z0-9._-]</c>.</returns>
    public static string For(DatasetPlace place, string role)
    {
        var identity = string.Join('\n', place.Directory, place.Layout, place.List, place.Split, place.Protocol, place.IgnoreLabels);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));
        return $"{Stem(Path.GetFileName(Path.TrimEndingDirectorySeparator(place.Directory)))}-{role}-{digest[..8]}";
    }

    /// <summary>Turns any text into a part of a name.</summary>
    /// <param name="text">The text.</param>
    /// <returns>1 to 40 characters of <c>[a-z0-9._-]</c>.</returns>
    public static string Stem(string text)
    {
        var stem = new StringBuilder();
        foreach (var letter in text.ToLowerInvariant().Take(LongestStem))
        {
            stem.Append(char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '_' ? letter : '-');
        }

        var trimmed = stem.ToString().Trim('-', '.');
        return trimmed.Length > 0 ? trimmed : "data";
    }
}
