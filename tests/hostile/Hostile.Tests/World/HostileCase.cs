using Grpc.Core;

namespace IntraDA.Hostile.Tests.World;

/// <summary>Something that no service is to accept.</summary>
/// <param name="Name">Rule and base, unique within its area.</param>
/// <param name="Code">Status that is right for it.</param>
/// <param name="Field">Field that the answer must name; null where no field is at fault.</param>
/// <param name="Send">Sends it.</param>
internal sealed record HostileCase(string Name, StatusCode Code, string? Field, Func<HostileEnsemble, Task> Send)
{
    /// <summary>The names of cases, each once.</summary>
    public static TheoryData<string> NamesOf(IEnumerable<HostileCase> cases)
    {
        var names = cases.Select(one => one.Name).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        return new TheoryData<string>(names);
    }
}
