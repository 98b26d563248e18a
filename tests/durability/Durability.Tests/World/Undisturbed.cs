using IntraDA.Contracts.Gateway.V1;
using IntraDA.Durability.Tests.Processes;

namespace IntraDA.Durability.Tests.World;

/// <summary>The workflow that nothing happened to, run once: what all others must end with.</summary>
public sealed class Undisturbed : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly StoreFolder _store = new();
    private Workflow? _workflow;
    private SortedDictionary<string, string>? _artifacts;

    /// <summary>The workflow, and everything it made.</summary>
    internal async Task<(Workflow Workflow, SortedDictionary<string, string> Artifacts)> GetAsync(Streets streets)
    {
        await _one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_workflow is null)
            {
                await using var services = await SeparateServices.StartAsync(_store.Options);
                await services.Gateway.RegisterStreetsAsync(streets.Directory);
                var id = (await services.Gateway.CreateAsync(Streets.Spec())).Id;
                var workflow = await StageWatch.EndOfAsync(services, id);
                Assert.True(workflow.State == WorkflowState.Succeeded, $"{workflow.State}: {workflow.Error?.Message}\n{services.Messages}");
                _workflow = workflow;
                _artifacts = _store.Artifacts();
            }

            return (_workflow, _artifacts!);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _one.Dispose();
        _store.Dispose();
    }
}
