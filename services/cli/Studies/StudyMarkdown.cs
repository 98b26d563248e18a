using System.Text;

namespace IntraDA.Cli.Studies;

/// <summary>A study as a Markdown table.</summary>
internal static class StudyMarkdown
{
    /// <summary>Writes the table and what a reader must know of it.</summary>
    /// <param name="result">The study.</param>
    /// <param name="data">Its data.</param>
    /// <returns>The text.</returns>
    public static string Of(StudyResult result, StudyData data)
    {
        var text = new StringBuilder();
        text.Append("# ").Append(result.Plan.Title).Append("\n\n");
        Row(text, StudyTable.Headers);
        Row(text, StudyTable.Headers.Select((_, column) => column == 0 ? "---" : "---:"));
        foreach (var row in result.Rows)
        {
            Row(text, StudyTable.Cells(row));
        }

        text.Append('\n');
        foreach (var note in StudyTable.Notes(result, data))
        {
            text.Append("- ").Append(note).Append('\n');
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
