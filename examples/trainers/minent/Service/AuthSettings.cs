namespace MinEntTrainer.Service;

/// <summary>Who may call.</summary>
internal sealed class AuthSettings
{
    /// <summary>The services' own key; empty: whoever reaches the port.</summary>
    public string ServiceKey { get; set; } = "";

    /// <summary>File that holds the key.</summary>
    public string ServiceKeyFile { get; set; } = "";
}
