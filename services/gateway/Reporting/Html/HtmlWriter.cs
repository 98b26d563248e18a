using System.Globalization;
using System.Text;

namespace IntraDA.Gateway.Reporting.Html;

/// <summary>
/// Writes HTML with inline SVG that is also well-formed XML. All text and all attribute values are escaped; only <see cref="Style"/>
/// takes raw text, and that is never a user's.
/// </summary>
public sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element; disposing the result closes it.</summary>
    /// <param name="name">Element name.</param>
    /// <param name="attributes">Attributes; one whose value is null is left out.</param>
    /// <returns>Closes the element.</returns>
    public IDisposable Open(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        StartTag(name, attributes);
        _text.Append('>');
        _open.Push(name);
        return new Scope(this, _open.Count);
    }

    /// <summary>Writes an element that holds text alone.</summary>
    /// <param name="name">Element name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="attributes">Attributes; one whose value is null is left out.</param>
    public void Element(string name, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        StartTag(name, attributes);
        _text.Append('>');
        Text(text);
        _text.Append("</").Append(name).Append('>');
    }

    /// <summary>Writes an element without content.</summary>
    /// <param name="name">Element name.</param>
    /// <param name="attributes">Attributes; one whose value is null is left out.</param>
    public void Void(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        StartTag(name, attributes);
        _text.Append("/>");
    }

    /// <summary>Writes text.</summary>
    /// <param name="text">Any text; characters that XML cannot hold become U+FFFD.</param>
    public void Text(string text) => Escape(text);

    /// <summary>Writes a style element.</summary>
    /// <param name="css">Style sheet of the report's own, without '&lt;' and '&amp;'.</param>
    public void Style(string css)
    {
        if (css.AsSpan().ContainsAny('<', '&'))
        {
            throw new ArgumentException("A style sheet with '<' or '&' would not be read alike as HTML and as XML.", nameof(css));
        }

        _text.Append("<style>").Append(css).Append("</style>");
    }

    /// <summary>The document.</summary>
    /// <returns>All that was written, after the HTML document type.</returns>
    /// <exception cref="InvalidOperationException">An element is still open.</exception>
    public string ToDocument() => _open.Count == 0
        ? "<!DOCTYPE html>\n" + _text
        : throw new InvalidOperationException($"The element '{_open.Peek()}' is still open.");

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private void StartTag(string name, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _text.Append('<').Append(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is not null)
            {
                _text.Append(' ').Append(attribute).Append("=\"");
                Escape(value);
                _text.Append('"');
            }
        }
    }

    private void Escape(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '<': _text.Append("&lt;"); break;
                case '>': _text.Append("&gt;"); break;
                case '&': _text.Append("&amp;"); break;
                case '"': _text.Append("&quot;"); break;
                case '\'': _text.Append("&#39;"); break;
                case '\t' or '\n' or '\r': _text.Append((char)rune.Value); break;
                case < 0x20 or 0x7F or 0xFFFE or 0xFFFF: _text.Append('\uFFFD'); break;
                default: _text.Append(CultureInfo.InvariantCulture, $"{rune}"); break;
            }
        }
    }

    private void Close(int depth)
    {
        if (_open.Count != depth)
        {
            throw new InvalidOperationException($"The element '{_open.Peek()}' is closed out of order.");
        }

        _text.Append("</").Append(_open.Pop()).Append('>');
    }

    private sealed class Scope(HtmlWriter writer, int depth) : IDisposable
    {
        public void Dispose() => writer.Close(depth);
    }
}
