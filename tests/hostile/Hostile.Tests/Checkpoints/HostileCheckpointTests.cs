using Grpc.Core;
using IntraDA.Data.Tests;
using IntraDA.Hostile.Tests.World;

namespace IntraDA.Hostile.Tests.Checkpoints;

public sealed class HostileCheckpointTests(HostileEnsemble ensemble)
{
    private static readonly Dictionary<string, HostileCase> Cases = Make().ToDictionary(one => one.Name);

    public static TheoryData<string> Names => HostileCase.NamesOf(Cases.Values);

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_hostile_checkpoint_is_refused_by_field(string name) => ensemble.RefuseAsync(Cases[name]);

    private static IEnumerable<HostileCase> Make()
    {
        foreach (var (rule, file) in HeaderRules.Files)
        {
            yield return Refused($"file: {rule}", _ => file);
        }

        foreach (var (rule, change) in HeaderRules.Changes)
        {
            yield return Refused($"two tensors: {rule}", _ => change(Safetensors.Small()).Encode());
            yield return Refused($"network: {rule}", world => change(Safetensors.Parse(world.CheckpointBytes)).Encode());
        }

        foreach (var (rule, change) in NetworkRules.All)
        {
            yield return Refused($"network: {rule}", world => change(Safetensors.Parse(world.CheckpointBytes)).Encode());
        }

        yield return Refused("a PNG", _ => Pictures.Png());
        yield return new HostileCase(
            "other bytes than its digest",
            StatusCode.DataLoss,
            null,
            world =>
            {
                var forged = world.Checkpoint.Clone();
                forged.Sha256 = new string('0', 64);
                return world.Segmenter.PredictAsync(HostileEnsemble.Prediction(Pictures.Png(), forged), world.Soon).ResponseAsync;
            });
        yield return new HostileCase(
            "not in the store",
            StatusCode.NotFound,
            null,
            world =>
            {
                var forged = world.Checkpoint.Clone();
                forged.Key = "uploads/none";
                forged.Sha256 = new string('1', 64);
                return world.Segmenter.PredictAsync(HostileEnsemble.Prediction(Pictures.Png(), forged), world.Soon).ResponseAsync;
            });
    }

    private static HostileCase Refused(string name, Func<HostileEnsemble, byte[]> forge) => new(
        name,
        StatusCode.InvalidArgument,
        "options.model.checkpoint",
        async world =>
        {
            var checkpoint = await world.UploadAsync(forge(world));
            await world.Segmenter.PredictAsync(HostileEnsemble.Prediction(Pictures.Png(), checkpoint), world.Soon);
        });
}
