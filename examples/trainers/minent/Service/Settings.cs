using System.Net;

namespace MinEntTrainer.Service;

/// <summary>
/// What the trainer is started with: <c>--Name value</c> on the command line, or <c>INTRADA_Name</c> in the environment, under the names that the
/// ensemble's own services use, so that one deployment configures them all.
/// </summary>
internal sealed class Settings
{
    private const int LeastKey = 32;

    /// <summary>Where it listens, http only: TLS ends in front of it.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:7415";

    /// <summary>Threads that torch computes with; 0: as many as there are cores.</summary>
    public int Threads { get; set; }

    /// <summary>Jobs that may wait behind the one that runs.</summary>
    public int QueueLength { get; set; } = 16;

    /// <summary>Most pixels of one batch, of labelled and of unlabelled images each.</summary>
    public long MaxBatchPixels { get; set; } = 8L << 20;

    /// <summary>Seconds that the running job has for its last checkpoint when the service is told to end.</summary>
    public int ShutdownSeconds { get; set; } = 30;

    /// <summary>Who may call.</summary>
    public AuthSettings Auth { get; set; } = new();

    /// <summary>Where artefacts are.</summary>
    public StoreSettings Store { get; set; } = new();

    /// <summary>Reads the settings.</summary>
    /// <param name="args">Command line.</param>
    /// <returns>The settings, checked.</returns>
    /// <exception cref="SettingsException">Some are not allowed; all of them are named.</exception>
    public static Settings Read(string[] args)
    {
        var settings = new Settings();
        new ConfigurationBuilder().AddEnvironmentVariables("INTRADA_").AddCommandLine(args).Build().Bind(settings);
        if (settings.Auth.ServiceKeyFile.Length > 0)
        {
            settings.Auth.ServiceKey = File.Exists(settings.Auth.ServiceKeyFile)
                ? File.ReadAllText(settings.Auth.ServiceKeyFile).Trim()
                : throw new SettingsException($"Auth:ServiceKeyFile '{settings.Auth.ServiceKeyFile}' is not there; name the file of the services' key.");
        }

        var problems = settings.Problems().ToList();
        return problems.Count == 0 ? settings : throw new SettingsException(string.Join(' ', problems));
    }

    private IEnumerable<string> Problems()
    {
        var isAddress = Uri.TryCreate(Listen, UriKind.Absolute, out var listen) && listen.Scheme == "http" && IPAddress.TryParse(listen.Host, out _);
        if (!isAddress)
        {
            yield return $"Listen '{Listen}' is not http://IP:PORT.";
        }

        if (Auth.ServiceKey.Length is > 0 and < LeastKey)
        {
            yield return $"Auth:ServiceKey is shorter than {LeastKey} characters.";
        }

        // Training data, and a machine's time, are not for whoever finds the port.
        if (isAddress && !listen!.IsLoopback && Auth.ServiceKey.Length == 0)
        {
            yield return "Auth:ServiceKey or Auth:ServiceKeyFile is needed to listen beyond loopback.";
        }

        if (Threads is < 0 or > 1024 || QueueLength is < 0 or > 10_000 || ShutdownSeconds is < 0 or > 3600 || MaxBatchPixels < 256)
        {
            yield return "Threads is 0 to 1024, QueueLength 0 to 10000, ShutdownSeconds 0 to 3600, MaxBatchPixels 256 or more.";
        }

        foreach (var problem in Store.Problems())
        {
            yield return problem;
        }
    }
}
