namespace IntraDA.Gateway.Options;

/// <summary>Addresses of the services behind the gateway: configuration section "Services".</summary>
public sealed class ServiceAddresses
{
    /// <summary>The segmenter's URL.</summary>
    /// <value>Default <c>http://127.0.0.1:7411</c>.</value>
    public string Segmenter { get; set; } = "http://127.0.0.1:7411";

    /// <summary>
    /// The segmenters' URLs, <c>Services:Segmenters:0</c>, ..., in place of <see cref="Segmenter"/>. A name that stands for several
    /// addresses stands for as many segmenters.
    /// </summary>
    /// <value>Empty stands for <see cref="Segmenter"/> alone.</value>
    public IList<string> Segmenters { get; } = [];

    /// <summary>The ranker's URL.</summary>
    /// <value>Default <c>http://127.0.0.1:7412</c>.</value>
    public string Ranker { get; set; } = "http://127.0.0.1:7412";

    /// <summary>The trainers' URLs, most wanted first: <c>Services:Trainers:0</c>, <c>Services:Trainers:1</c>, ...</summary>
    /// <value>Empty stands for <c>http://127.0.0.1:7413</c> alone.</value>
    public IList<string> Trainers { get; } = [];

    /// <summary>Every address with its name in the configuration.</summary>
    /// <returns>Pairs of name and URL.</returns>
    internal IEnumerable<(string Name, string Address)> All() =>
    [
        ("Segmenter", Segmenter),
        ("Ranker", Ranker),
        .. Segmenters.Select((address, i) => ($"Segmenters:{i}", address)),
        .. Trainers.Select((address, i) => ($"Trainers:{i}", address)),
    ];
}
