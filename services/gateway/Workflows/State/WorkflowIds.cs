namespace IntraDA.Gateway.Workflows.State;

/// <summary>Ids of workflows: "wf-", the time in milliseconds (10 digits) and chance (6 digits), so that they sort by age.</summary>
internal sealed class WorkflowIds(TimeProvider time, IRandomSource random)
{
    private const string Prefix = "wf-";
    private const int TimeDigits = 10;
    private const int RandomDigits = 6;

    public static bool IsId(string text) =>
        text.Length == Prefix.Length + TimeDigits + RandomDigits
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).ToArray().All(Base32.IsDigit);

    /// <summary>The part of an index key that makes the newest workflow the first.</summary>
    public static string InvertOrder(string id) => Base32.Invert(id[Prefix.Length..]);

    public static string FromInverted(string inverted) => Prefix + Base32.Invert(inverted);

    /// <summary>When an id was made.</summary>
    public static DateTimeOffset TimeOf(string id) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Base32.Decode(id.AsSpan(Prefix.Length, TimeDigits)));

    public string Next() =>
        Prefix + Base32.Encode(time.GetUtcNow().ToUnixTimeMilliseconds(), TimeDigits) + Base32.Encode(random.Next(RandomDigits));
}
