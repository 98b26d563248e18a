namespace IntraDA.Durability.Tests.World;

/// <summary>Whether the tests run in their long form: <c>./intrada test --matrix</c>.</summary>
internal static class Matrix
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("INTRADA_MATRIX") == "1";

    /// <summary>One of two values.</summary>
    public static T Choose<T>(T quick, T whole) => IsOn ? whole : quick;
}
