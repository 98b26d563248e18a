using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using IntraDA.Contracts.Trainer.V1;
using MinEntTrainer.Learning;
using MinEntTrainer.Store;

namespace MinEntTrainer.Jobs;

/// <summary>Jobs as the store knows them: the request, written before anybody is answered, and the result, written after all that it names.</summary>
/// <param name="store">The store.</param>
internal sealed class JobRecords(IStore store)
{
    // Its own: nobody else writes here, and its records are not taken for another trainer's.
    private const string Root = "trainers/minent";
    private const string JsonType = "application/json";

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>A job's prefix.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>A prefix of keys.</returns>
    public static string Prefix(string id) => $"{Root}/{id}";

    /// <summary>The id of a request's job, as docs/trainers.md has it: who knows the request knows the job.</summary>
    /// <param name="requestId">The request's id.</param>
    /// <returns>The id.</returns>
    public static string IdOf(string requestId) => $"tr-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(requestId)))[..24]}";

    /// <summary>Puts a request on record unless it is.</summary>
    /// <param name="training">The job.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends when it is on record.</returns>
    public Task RequestAsync(Training training, CancellationToken cancellationToken) =>
        store.TryCreateAsync($"{Prefix(training.Id)}/request.json", Bytes(training), JsonType, cancellationToken);

    /// <summary>Puts a result on record.</summary>
    /// <param name="training">The job, SUCCEEDED.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that ends when it counts.</returns>
    public Task ResultAsync(Training training, CancellationToken cancellationToken) =>
        store.PutAsync($"{Prefix(training.Id)}/result.json", Bytes(training), JsonType, cancellationToken);

    /// <summary>A job on record.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>With its result, or as it was asked for; null where there is none.</returns>
    public async Task<Training?> FindAsync(string id, CancellationToken cancellationToken)
    {
        // An id comes from outside, and becomes part of a key.
        if (id.Length is 0 or > 64 || !id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            return null;
        }

        var bytes = await store.FindAsync($"{Prefix(id)}/result.json", cancellationToken)
            ?? await store.FindAsync($"{Prefix(id)}/request.json", cancellationToken);
        return bytes is null ? null : Parser.Parse<Training>(Encoding.UTF8.GetString(bytes));
    }

    /// <summary>Ids of all jobs on record.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>In any order.</returns>
    public async Task<IReadOnlyList<string>> ListIdsAsync(CancellationToken cancellationToken) =>
        [.. (await store.ListAsync($"{Root}/", cancellationToken)).Where(key => key.EndsWith("/request.json", StringComparison.Ordinal)).Select(key => key.Split('/')[2])];

    /// <summary>Loss terms of a job on record.</summary>
    /// <param name="training">The job.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The terms; none where it did not succeed.</returns>
    public async Task<Curves> CurvesOfAsync(Training training, CancellationToken cancellationToken) =>
        training.Result?.Curves is { } curves ? Curves.Read(await store.ReadAsync(curves, cancellationToken)) : new Curves();

    private static byte[] Bytes(Training training) => Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(training));
}
