using IntraDA.Ensemble.Tests.Processes;

namespace IntraDA.Compose.Tests.Stack;

/// <summary>The manifests, as far as they can be looked at without a cluster.</summary>
public sealed class KubernetesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Compose_manifests_for_Kubernetes_lead_nowhere_else_than_to_each_other()
    {
        var none = new Dictionary<string, string?>();
        ProgramRun yaml;
        try
        {
            yaml = await ProgramRun.OfAsync("python3", ["-c", "import yaml"], none, Limit);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("Not checked: python3 is not installed.");
            return;
        }

        Assert.SkipWhen(yaml.ExitCode != 0, "Not checked: python3 has no yaml (Debian: python3-yaml).");
        var check = (await ProgramRun.OfAsync("python3", [Path.Combine(Places.Root, "deploy", "kubernetes", "check.py")], none, Limit)).Succeeded();
        Assert.EndsWith(" 0 problems", check.Out.Trim(), StringComparison.Ordinal);
    }
}
