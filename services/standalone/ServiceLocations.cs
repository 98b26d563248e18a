namespace IntraDA.Standalone;

/// <summary>Where the services answer.</summary>
/// <param name="Ready">Always true: this is written when all of them do.</param>
/// <param name="Gateway">URL of the gateway.</param>
/// <param name="Web">URL of the gateway's HTTP/1.1 port.</param>
/// <param name="Segmenter">URL of the segmenter.</param>
/// <param name="Ranker">URL of the ranker.</param>
/// <param name="Trainer">URL of the trainer.</param>
/// <param name="Home">The home directory.</param>
/// <param name="Pid">The process.</param>
internal sealed record ServiceLocations(
    bool Ready, string Gateway, string Web, string Segmenter, string Ranker, string Trainer, string Home, int Pid);
