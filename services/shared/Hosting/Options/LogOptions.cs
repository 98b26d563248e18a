namespace IntraDA.Hosting.Options;

/// <summary>The log on standard error: configuration section "Log".</summary>
public sealed class LogOptions
{
    /// <summary>How lines look.</summary>
    /// <value>Default <see cref="LogFormat.Text"/>.</value>
    public LogFormat Format { get; set; }
}
