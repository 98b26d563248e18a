namespace IntraDA.Hosting.Options;

/// <summary>Where services that were told nothing keep what they make.</summary>
public static class HomeDirectory
{
    /// <summary>The directory.</summary>
    /// <value><c>$INTRADA_HOME</c>, else <c>intrada</c> below <c>$XDG_DATA_HOME</c> or its default.</value>
    public static string Default =>
        Environment.GetEnvironmentVariable("INTRADA_HOME") is { Length: > 0 } home
            ? Path.GetFullPath(home)
            : Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
                "intrada");
}
