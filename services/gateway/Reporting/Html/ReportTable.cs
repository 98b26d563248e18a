namespace IntraDA.Gateway.Reporting.Html;

/// <summary>A plain table of text, wider ones scrolling on their own; disposing it closes it.</summary>
public sealed class ReportTable : IDisposable
{
    private readonly HtmlWriter _html;
    private readonly HashSet<int> _text;
    private readonly Stack<IDisposable> _open = new();

    /// <summary>Begins a table.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="columns">Heads of the columns.</param>
    /// <param name="text">Columns that hold text rather than figures, besides the first.</param>
    public ReportTable(HtmlWriter html, IReadOnlyList<string> columns, IReadOnlyList<int> text)
    {
        _html = html;
        _text = [.. text];
        _open.Push(html.Open("div", ("class", "scroll")));
        _open.Push(html.Open("table"));
        using (html.Open("thead"))
        using (html.Open("tr"))
        {
            for (var i = 0; i < columns.Count; i++)
            {
                html.Element("th", columns[i], ("scope", "col"), ("class", _text.Contains(i) ? "text" : null));
            }
        }

        _open.Push(html.Open("tbody"));
    }

    /// <summary>Writes a row.</summary>
    /// <param name="cells">Its cells, the first being its head.</param>
    public void Row(params ReadOnlySpan<string> cells)
    {
        using var row = _html.Open("tr");
        for (var i = 0; i < cells.Length; i++)
        {
            if (i == 0)
            {
                _html.Element("th", cells[i], ("scope", "row"));
            }
            else
            {
                _html.Element("td", cells[i], ("class", _text.Contains(i) ? "text long" : null));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_open.TryPop(out var element))
        {
            element.Dispose();
        }
    }
}
