using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests;

/// <summary>A dispose scope that lives as long as a test object.</summary>
internal sealed class DisposeScopes : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();
}
