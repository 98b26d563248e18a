namespace IntraDA.Gateway.Workflows.State;

/// <summary>Digits that sort as the numbers they stand for and are hard to misread (Crockford's alphabet in lower case).</summary>
internal static class Base32
{
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>One digit for the lowest five bits of each byte.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            text[i] = Digits[bytes[i] & 31];
        }

        return new string(text);
    }

    /// <summary>The lowest 5 * <paramref name="digits"/> bits of a number, highest digit first.</summary>
    public static string Encode(long value, int digits)
    {
        var text = new char[digits];
        for (var i = digits - 1; i >= 0; i--, value >>= 5)
        {
            text[i] = Digits[(int)(value & 31)];
        }

        return new string(text);
    }

    /// <summary>The number that at most 12 digits stand for.</summary>
    public static long Decode(ReadOnlySpan<char> text)
    {
        var value = 0L;
        foreach (var digit in text)
        {
            value = (value << 5) | (uint)Digits.IndexOf(digit, StringComparison.Ordinal);
        }

        return value;
    }

    public static bool IsDigit(char c) => Digits.Contains(c, StringComparison.Ordinal);

    /// <summary>The text whose order is the reverse of the given one's.</summary>
    public static string Invert(string text) => string.Concat(text.Select(c => Digits[31 - Digits.IndexOf(c, StringComparison.Ordinal)]));
}
