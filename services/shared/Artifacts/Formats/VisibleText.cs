using System.Globalization;

namespace IntraDA.Artifacts.Formats;

/// <summary>Text of files that people may get to see: in a terminal, some characters do something instead of being seen.</summary>
public static class VisibleText
{
    private const char Replacement = '?';

    /// <summary>Whether every character is seen where it stands.</summary>
    /// <param name="text">The text.</param>
    /// <returns>False with control characters, marks that turn the direction of writing, or separators of lines.</returns>
    public static bool Is(string text) => !text.Any(IsActive);

    /// <summary>The text with a question mark for each character that does something.</summary>
    /// <param name="text">The text.</param>
    /// <returns>One line.</returns>
    public static string Of(string text) => Is(text) ? text : string.Concat(text.Select(c => IsActive(c) ? Replacement : c));

    private static bool IsActive(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
