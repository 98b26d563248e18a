namespace IntraDA.Data.Layouts;

/// <summary>Lines of a list of images, however an editor or another system has left them.</summary>
public static class ListLines
{
    /// <summary>The lines that say something, without blanks around them and with '/' for separators.</summary>
    /// <param name="text">The whole list.</param>
    /// <returns>The lines, in order.</returns>
    public static IEnumerable<string> Of(string text) =>
        text.Split('\n').Select(line => line.Trim().Replace('\\', '/')).Where(line => line.Length > 0);
}
