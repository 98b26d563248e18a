using System.Text.Json;
using IntraDA.Access;
using IntraDA.Gateway;
using IntraDA.Hosting;
using IntraDA.Hosting.Errors;
using IntraDA.Ranker;
using IntraDA.Segmenter;
using IntraDA.Trainer;
using Microsoft.Extensions.Options;

namespace IntraDA.Standalone;

/// <summary>All four services in one process on loopback, with one store in the home directory.</summary>
internal static class StandaloneHost
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan SameSignal = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs until a signal, or the end of standard input, ends it.</summary>
    /// <returns>Exit code: 0 after a graceful end, 1 where it could not start or a service gave up, 2 for a wrong command line.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var options = StandaloneOptions.Parse(args);
            using var home = HomeLock.Take(options.Home);
            using var end = new EndSignals(options.ExitWithStdin);
            return await RunAsync(options, end.Token).ConfigureAwait(false);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}").ConfigureAwait(false);
            return 2;
        }
        catch (Exception e) when (e is IOException or OptionsValidationException or ServiceException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    private static async Task<int> RunAsync(StandaloneOptions options, CancellationToken end)
    {
        var apps = new List<WebApplication>();
        try
        {
            var locations = await StartAsync(options, apps, end).ConfigureAwait(false);
            // Services that end with the command that started them are not announced: nobody else should come to rely on them.
            using var file = options.ExitWithStdin ? null : await ReadyFile.WriteAsync(options.Home, locations, end).ConfigureAwait(false);
            await Console.Out
                .WriteLineAsync(JsonSerializer.Serialize(locations, LocationsJson.Default.ServiceLocations)).ConfigureAwait(false);
            await Console.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return await WaitAsync(apps, end).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            await StopAsync(apps).ConfigureAwait(false);
        }
    }

    private static async Task<ServiceLocations> StartAsync(
        StandaloneOptions options, List<WebApplication> apps, CancellationToken cancellationToken)
    {
        var store = Path.Combine(options.Home, "store");
        // Where the gateway asks callers who they are, nobody is to walk around it to the services on loopback.
        var auth = ServiceHost.ReadAuth([.. options.ServiceArgs]);
        var serviceKey = auth is { IsOn: true, ServiceKey: "", ServiceKeyFile: "" } ? ApiKey.Create() : "";
        var segmenter = await StartAsync(SegmenterApplication.Create, 1).ConfigureAwait(false);
        var ranker = await StartAsync(RankerApplication.Create, 2).ConfigureAwait(false);
        var trainer = await StartAsync(TrainerApplication.Create, 3).ConfigureAwait(false);
        // Last: a workflow that was interrupted goes on as soon as the gateway is there.
        var gateway = await StartAsync(
                GatewayApplication.Create,
                0,
                "--Web:Listen", options.Listen(4),
                "--Services:Segmenter", ServiceHost.AddressOf(segmenter),
                "--Services:Ranker", ServiceHost.AddressOf(ranker),
                "--Services:Trainers:0", ServiceHost.AddressOf(trainer))
            .ConfigureAwait(false);
        return new ServiceLocations(
            Ready: true,
            ServiceHost.Reachable(ServiceHost.AddressOf(gateway)),
            GatewayApplication.WebAddressOf(gateway),
            ServiceHost.AddressOf(segmenter),
            ServiceHost.AddressOf(ranker),
            ServiceHost.AddressOf(trainer),
            options.Home,
            Environment.ProcessId);

        async Task<WebApplication> StartAsync(Func<string[], WebApplication> create, int offset, params string[] args)
        {
            var app = create(
            [
                "--Store:Kind", "Local", "--Store:Directory", store, .. options.ServiceArgs, .. args, "--Listen", options.Listen(offset),
                .. KeyArgs(serviceKey, offset),
            ]);
            apps.Add(app);
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            return app;
        }
    }

    // These arguments never leave the process. Client certificates are for the gateway, the one that may have TLS.
    private static IEnumerable<string> KeyArgs(string serviceKey, int offset)
    {
        string[] key = serviceKey.Length > 0 ? ["--Auth:ServiceKey", serviceKey] : [];
        string[] backend = offset > 0 ? ["--Auth:ClientCaFile", ""] : [];
        return [.. key, .. backend];
    }

    private static async Task<int> WaitAsync(List<WebApplication> apps, CancellationToken end)
    {
        var gaveUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var app in apps)
        {
            app.Lifetime.ApplicationStopping.Register(() => gaveUp.TrySetResult());
        }

        await using var signal = end.Register(() => ended.TrySetResult()).ConfigureAwait(false);
        await Task.WhenAny(ended.Task, gaveUp.Task).ConfigureAwait(false);
        // The services hear the same signals, perhaps a moment earlier.
        await Task.WhenAny(ended.Task, Task.Delay(SameSignal, CancellationToken.None)).ConfigureAwait(false);
        return end.IsCancellationRequested ? 0 : 1;
    }

    private static async Task StopAsync(List<WebApplication> apps)
    {
        using var limit = new CancellationTokenSource(EndLimit);
        // The gateway first, so that it does not take the others' end for a failure of theirs.
        foreach (var app in Enumerable.Reverse(apps))
        {
            await app.StopAsync(limit.Token).ConfigureAwait(false);
        }

        foreach (var app in apps)
        {
            await app.DisposeAsync().ConfigureAwait(false);
        }
    }
}
