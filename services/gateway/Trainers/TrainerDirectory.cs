using Grpc.Core;
using Grpc.Health.V1;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Gateway.Options;
using IntraDA.Hosting.Channels;
using IntraDA.Hosting.Errors;
using TrainerV1 = IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Gateway.Trainers;

/// <summary>The configured trainers; asks each of them from time to time who it is, and by grpc.health.v1 whether it wants work.</summary>
internal sealed class TrainerDirectory : BackgroundService
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private readonly GrpcChannels _channels;
    private readonly TimeProvider _time;
    private readonly TimeSpan _period;
    private readonly TimeSpan _grace;
    private readonly long _start;
    private readonly TrainerEntry[] _entries;

    public TrainerDirectory(GatewayOptions options, GrpcChannels channels, TimeProvider time)
    {
        _channels = channels;
        _time = time;
        _period = TimeSpan.FromSeconds(options.Workflows.TrainerPollSeconds);
        _grace = TimeSpan.FromSeconds(options.Workflows.TrainerGraceSeconds);
        _start = time.GetTimestamp();
        IEnumerable<string> addresses = options.Services.Trainers.Count > 0 ? options.Services.Trainers : ["http://127.0.0.1:7413"];
        _entries = [.. addresses.Select(address => new TrainerEntry(address, false, null))];
    }

    public IReadOnlyList<TrainerEntry> Entries => [.. _entries];

    public TrainerV1.TrainerService.TrainerServiceClient Client(TrainerEntry entry) => new(_channels.For(entry.Address));

    /// <summary>Asks every trainer now.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(Enumerable.Range(0, _entries.Length).Select(i => RefreshAsync(i, cancellationToken))).ConfigureAwait(false);

    /// <summary>The first configured trainer that a selector matches and that can do what is asked.</summary>
    /// <exception cref="ServiceException">
    /// FAILED_PRECONDITION: there is none; the message names those that there are. UNAVAILABLE: none that is known, but there are
    /// some that have not answered yet.
    /// </exception>
    public async Task<TrainerEntry> ResolveAsync(
        string selector,
        string architecture,
        IReadOnlyCollection<TrainerV1.AdaptationMethod> methods,
        CancellationToken cancellationToken)
    {
        if (!TrainerSelector.TryParse(selector, out var wanted))
        {
            throw ServiceException.InvalidArgument("spec.trainer", $"'{selector}' is not NAME or NAME@RANGE, e.g. intrada-trainer@1.x.");
        }

        if (Find() is { Serving: true } known)
        {
            return known;
        }

        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        return Find() ?? throw new ServiceException(
            // A gateway that starts before its trainers must not fail what they are about to do.
            _entries.Any(e => e.Info is null) ? StatusCode.Unavailable : StatusCode.FailedPrecondition,
            "NO_TRAINER",
            $"No trainer matches '{(selector.Length == 0 ? "any" : selector)}' for {architecture} with {string.Join(", ", methods)}; "
            + $"there {(_entries.Length == 1 ? "is" : "are")}: {string.Join("; ", _entries.Select(e => e.Describe()))}.");

        // One that answers goes before one that was seen earlier: the latter may be back in time for its stage.
        TrainerEntry? Find() => _entries
            .Where(e => e.Info is not null && wanted.Matches(e.Info.Service) && CanDo(e.Info, architecture, methods))
            .OrderByDescending(e => e.Serving)
            .FirstOrDefault();
    }

    /// <summary>The trainer for a job that one of them has begun: that one, or another that may go on with it. Looks at all of them first.</summary>
    /// <exception cref="ServiceException">UNAVAILABLE: it may come back. FAILED_PRECONDITION: others are there in its place.</exception>
    public async Task<TrainerEntry> ResolveToContinueAsync(TrainerWish wish, ServiceInfo begunBy, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        if (_entries
            .Where(e => e.Serving && wish.Matches(e.Info!) && TrainerCompatibility.CanContinue(begunBy, e.Info!.Service))
            .OrderByDescending(e => e.Info!.Service.Equals(begunBy))
            .ThenByDescending(e => e.Info!.Service.Version == begunBy.Version)
            .FirstOrDefault() is { } trainer)
        {
            return trainer;
        }

        var there = string.Join("; ", _entries.Select(e => e.Describe()));
        if (_entries.Any(e => !e.Serving && MayBe(e)))
        {
            throw new ServiceException(
                StatusCode.Unavailable,
                "TRAINER_UNAVAILABLE",
                $"{begunBy.Name} {begunBy.Version}, which began this training, does not answer; there is: {there}.");
        }

        throw ServiceException.FailedPrecondition(
            "TRAINER_INCOMPATIBLE",
            $"This training was begun by {begunBy.Name} {begunBy.Version}, and only a trainer of that name and major version"
            + $"{(wish.Selector.Length == 0 ? "" : $" that is '{wish.Selector}'")} goes on with it; there is: {there}. Start such a trainer and resume "
            + "the workflow, or create the workflow again to have it done by a trainer that is there.");

        // One that was never seen may be the one, but not for ever: it may just as well be gone for good.
        bool MayBe(TrainerEntry entry) => entry.Info is { } info
            ? wish.Matches(info) && TrainerCompatibility.CanContinue(begunBy, info.Service)
            : _time.GetElapsedTime(_start) < _grace;
    }

    /// <summary>Trainers that a selector matches, whatever they can do, after one look at all of them.</summary>
    public async Task<IReadOnlyList<TrainerEntry>> MatchAsync(TrainerSelector selector, CancellationToken cancellationToken)
    {
        if (!_entries.Any(e => e.Serving && selector.Matches(e.Info!.Service)))
        {
            await RefreshAsync(cancellationToken).ConfigureAwait(false);
        }

        return [.. _entries.Where(e => e.Info is not null && selector.Matches(e.Info.Service))];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_period, _time);
        try
        {
            do
            {
                await RefreshAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The gateway is ending.
        }
    }

    private static bool CanDo(
        TrainerV1.GetServiceInfoResponse info, string architecture, IReadOnlyCollection<TrainerV1.AdaptationMethod> methods) =>
        info.Architectures.Any(a => a.Name == architecture) && methods.All(info.Methods.Contains);

    // What answers may still want no work: it is about to end, or its store refuses it.
    private async Task<bool> IsServingAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            var health = await new Health.HealthClient(_channels.For(address))
                .CheckAsync(
                    new HealthCheckRequest(), deadline: _time.GetUtcNow().UtcDateTime + AnswerLimit, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            return health.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException e)
        {
            // One without a health service serves for as long as it answers.
            return e.StatusCode == StatusCode.Unimplemented;
        }
    }

    private async Task RefreshAsync(int index, CancellationToken cancellationToken)
    {
        var entry = _entries[index];
        try
        {
            var serving = IsServingAsync(entry.Address, cancellationToken);
            var info = await Client(entry).GetServiceInfoAsync(
                new(), deadline: _time.GetUtcNow().UtcDateTime + AnswerLimit, cancellationToken: cancellationToken).ConfigureAwait(false);
            _entries[index] = entry with
            {
                Serving = info.Service is not null && await serving.ConfigureAwait(false),
                Info = info.Service is null ? entry.Info : info,
            };
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            _entries[index] = entry with { Serving = false };
        }
    }
}
