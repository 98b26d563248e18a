namespace IntraDA.Hosting.Options;

/// <summary>Who may call, and how this service makes itself known to others: configuration section "Auth".</summary>
public sealed class AuthOptions
{
    /// <summary>File of accepted keys, hashed; <c>./intrada keys create</c> adds to it. It is read again when it changes.</summary>
    public string KeysFile { get; set; } = "";

    /// <summary>
    /// The services' own key: sent with every call to another service, and accepted from them. 32 to 256 characters. Prefer
    /// <see cref="ServiceKeyFile"/>, or the environment, to a command line, which other users of a machine can read.
    /// </summary>
    public string ServiceKey { get; set; } = "";

    /// <summary>File that holds <see cref="ServiceKey"/>, as container secrets do; space around it does not count.</summary>
    public string ServiceKeyFile { get; set; } = "";

    /// <summary>
    /// PEM file of the authority whose client certificates are accepted (mutual TLS); the organisational unit (OU) in a
    /// certificate's subject names its role: predict, operate, admin or service.
    /// </summary>
    public string ClientCaFile { get; set; } = "";

    /// <summary>PEM file of the authority that is trusted, in place of the system's, when this service calls an https address.</summary>
    public string TrustedCaFile { get; set; } = "";

    /// <summary>Whether callers must say who they are.</summary>
    /// <value>True as soon as one way to do so is configured.</value>
    public bool IsOn => KeysFile.Length > 0 || ServiceKey.Length > 0 || ServiceKeyFile.Length > 0 || ClientCaFile.Length > 0;
}
