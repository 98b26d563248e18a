using System.Globalization;
using System.Numerics;
using System.Text;

namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>Text and numbers as pickles spell them.</summary>
internal static class PickleText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Text of Python 3.</summary>
    public static string Utf8(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new ArtifactFormatException("The checkpoint is damaged: a text in its list of tensors is not UTF-8.", e);
        }
    }

    /// <summary>Text of Python 2, which did not say how it is encoded.</summary>
    public static string Legacy(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    /// <summary>A quoted text of protocol 0 with Python's escapes.</summary>
    public static string Quoted(string line)
    {
        var text = line.Trim();
        if (text.Length < 2 || text[0] is not ('\'' or '"') || text[^1] != text[0])
        {
            throw Damaged("a text is not in quotes");
        }

        return Unescape(text[1..^1], quotes: true);
    }

    /// <summary>An unquoted text of protocol 0 with <c>\uXXXX</c> escapes only.</summary>
    public static string Raw(string line) => Unescape(line, quotes: false);

    /// <summary>A decimal whole number; "00" and "01" are false and true.</summary>
    public static object Integer(string line) => line switch
    {
        "00" => false,
        "01" => true,
        _ => BigInteger.TryParse(line.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? Narrow(value)
            : throw Damaged("a number is none"),
    };

    /// <summary>A decimal fraction.</summary>
    public static double Fraction(string line) =>
        double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Damaged("a number is none");

    /// <summary>A two's complement number of any length, little-endian.</summary>
    public static object Integer(byte[] bytes) => Narrow(new BigInteger(bytes));

    private static object Narrow(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;

    private static string Unescape(string text, bool quotes)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            var escape = text[++i];
            var digits = escape switch { 'u' => 4, 'U' => 8, 'x' when quotes => 2, _ => 0 };
            if (digits > 0)
            {
                result.Append(CodePoint(text, i + 1, digits));
                i += digits;
            }
            else if (quotes)
            {
                result.Append(escape switch
                {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    '\\' or '\'' or '"' => escape,
                    _ => throw Damaged("a text has an unknown escape"),
                });
            }
            else
            {
                result.Append('\\').Append(escape);
            }
        }

        return result.ToString();
    }

    private static string CodePoint(string text, int start, int digits)
    {
        if (start + digits > text.Length
            || !int.TryParse(text.AsSpan(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || !Rune.IsValid(code))
        {
            throw Damaged("a text has an escape that is no character");
        }

        return char.ConvertFromUtf32(code);
    }

    private static ArtifactFormatException Damaged(string problem) => new($"The checkpoint is damaged: {problem} in its list of tensors.");
}
