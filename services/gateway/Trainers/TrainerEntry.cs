using TrainerV1 = IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Gateway.Trainers;

/// <summary>A configured trainer as it was last seen.</summary>
/// <param name="Address">Its URL.</param>
/// <param name="Serving">Whether it answered the last time, and its health was SERVING.</param>
/// <param name="Info">What it last said of itself; null where it never answered.</param>
internal sealed record TrainerEntry(string Address, bool Serving, TrainerV1.GetServiceInfoResponse? Info)
{
    public string Describe() => Info is null
        ? $"{Address} (does not answer)"
        : $"{Info.Service.Name}@{Info.Service.Version} at {Address}{(Serving ? "" : " (does not serve now)")}";
}
