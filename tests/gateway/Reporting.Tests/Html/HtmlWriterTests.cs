using IntraDA.Gateway.Reporting.Html;

namespace IntraDA.Gateway.Reporting.Tests.Html;

public sealed class HtmlWriterTests
{
    [Fact]
    public void Text_and_attributes_are_escaped()
    {
        var html = new HtmlWriter();
        using (html.Open("p", ("title", "a\"b'<&>"), ("class", null)))
        {
            html.Text("<b>&\u0000\uD800\u00E9");
        }

        Assert.Equal("<p title=\"a&quot;b&#39;&lt;&amp;&gt;\">&lt;b&gt;&amp;\uFFFD\uFFFD\u00E9</p>", html.ToString());
    }

    [Fact]
    public void An_open_element_is_an_error_and_not_a_broken_document()
    {
        var html = new HtmlWriter();
        var body = html.Open("body");
        Assert.Throws<InvalidOperationException>(html.ToDocument);
        var inner = html.Open("p");
        Assert.Throws<InvalidOperationException>(body.Dispose);
        inner.Dispose();
        body.Dispose();
        Assert.Equal("<!DOCTYPE html>\n<body><p></p></body>", html.ToDocument());
    }

    [Fact]
    public void A_style_sheet_cannot_hold_markup() =>
        Assert.Throws<ArgumentException>(() => new HtmlWriter().Style("</style><script>"));

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(0.0123456, "0.0123")]
    [InlineData(-3.14159, "\u22123.14")]
    [InlineData(1234.6, "1235")]
    [InlineData(1e-9, "1E-9")]
    [InlineData(double.NaN, "n/a")]
    public void Compact_numbers_keep_three_digits(double value, string expected) => Assert.Equal(expected, Format.Compact(value));

    [Fact]
    public void Numbers_read_alike_everywhere()
    {
        Assert.Equal("44.1%", Format.Percent(0.441));
        Assert.Equal("+8.3", Format.Gain(8.3));
        Assert.Equal("\u22121.7", Format.Gain(-1.7));
        Assert.Equal("n/a", Format.Gain(null));
        Assert.Equal("7 min 12 s", Format.Duration(432));
        Assert.Equal("1 h 1 min", Format.Duration(3660));
        Assert.Equal("12\u202F345", Format.Count(12345));
    }
}
