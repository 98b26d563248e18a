using System.ComponentModel;
using System.Globalization;
using IntraDA.Ensemble.Tests.Processes;
using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace IntraDA.Deploy.Tests.Kubernetes;

/// <summary>The manifests against the published schemas and against each other, as written and as kubectl builds them.</summary>
public sealed class ManifestTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static string Folder => Path.Combine(Places.Root, "deploy", "kubernetes");

    public static TheoryData<string> Files() =>
    [
        .. new[] { "base", "jobs" }.SelectMany(part => Directory.GetFiles(Path.Combine(Folder, part), "*.yaml"))
            .Where(file => Path.GetFileName(file) != "kustomization.yaml").Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Overlays() =>
        [.. Directory.GetDirectories(Path.Combine(Folder, "overlays")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_field_of_a_manifest_is_one_that_its_kind_has(string file) => Assert.NotEmpty(Manifests.Read(TextOf(file)));

    [Theory]
    [InlineData("readOnlyRootFilesystem", "readOnlyRootFileSystem")]
    [InlineData("terminationGracePeriodSeconds", "terminationGracePeriod")]
    [InlineData("failureThreshold", "failureTreshold")]
    [InlineData("emptyDir: {sizeLimit:", "emptyDir: {maxSize:")]
    [InlineData("stabilizationWindowSeconds: 300", "stabilizationWindowSeconds: soon")]
    public void A_misspelt_field_or_a_value_of_another_type_is_found(string right, string wrong)
    {
        var yaml = TextOf("base/segmenter.yaml");
        Assert.Contains(right, yaml, StringComparison.Ordinal);
        Assert.Throws<YamlException>(() => Manifests.Read(yaml.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task An_overlay_builds_and_what_comes_out_keeps_to_the_schemas(string overlay)
    {
        var built = await BuildAsync(overlay);
        var segmenter = built.OfType<V1Deployment>().Single(deployment => deployment.Metadata.Name == "segmenter");
        Assert.Equal("intrada", segmenter.Metadata.NamespaceProperty);
        Assert.Single(built.OfType<V2HorizontalPodAutoscaler>());
        foreach (var manifest in built)
        {
            AssertPodIsSafe(manifest);
        }
    }

    [Fact]
    public async Task The_batch_job_names_secrets_and_settings_that_the_overlays_make()
    {
        var built = await BuildAsync("cpu");
        var job = Assert.Single(Manifests.Read(TextOf("jobs/score-target.yaml")).OfType<V1Job>());
        var pod = job.Spec.Template.Spec;
        var secrets = built.OfType<V1Secret>().Where(secret => secret.Metadata.NamespaceProperty == job.Metadata.NamespaceProperty).Select(secret => secret.Metadata.Name);
        var wanted = pod.Volumes.Select(volume => volume.Secret?.SecretName)
            .Concat(pod.Containers[0].Env.Select(variable => variable.ValueFrom?.SecretKeyRef?.Name)).OfType<string>().Distinct();
        Assert.Subset(secrets.ToHashSet(), wanted.ToHashSet());
        Assert.Contains(built.OfType<V1ConfigMap>(), map => map.Metadata.Name == pod.Containers[0].EnvFrom[0].ConfigMapRef.Name);

        AssertPodIsSafe(job);
        // A pod that was put aside has not failed, which only pods that are not restarted in place can say.
        Assert.Equal("Never", pod.RestartPolicy);
        Assert.Contains(job.Spec.PodFailurePolicy.Rules, rule => rule.Action == "Ignore" && rule.OnPodConditions[0].Type == "DisruptionTarget");
    }

    [Fact]
    public async Task The_gpu_overlay_scales_by_the_queue_and_gives_its_pods_shared_memory()
    {
        var built = await BuildAsync("gpu");
        var metric = Assert.Single(Assert.Single(built.OfType<V2HorizontalPodAutoscaler>()).Spec.Metrics);
        Assert.Equal(("Pods", "intrada_queue_depth_images"), (metric.Type, metric.Pods.Metric.Name));
        Assert.Contains("as: intrada_queue_depth_images", TextOf("telemetry/prometheus-adapter.yaml"), StringComparison.Ordinal);
        foreach (var name in new[] { "segmenter", "trainer" })
        {
            var pod = built.OfType<V1Deployment>().Single(deployment => deployment.Metadata.Name == name).Spec.Template.Spec;
            Assert.Contains(pod.Containers[0].VolumeMounts, mount => mount.MountPath == "/dev/shm");
            Assert.Contains("nvidia.com/gpu", pod.Containers[0].Resources.Limits.Keys);
        }
    }

    private static string TextOf(string file) => File.ReadAllText(Path.Combine(Folder, file));

    // What a pod of any service must have; references are what check.py looks at.
    private static void AssertPodIsSafe(IKubernetesObject<V1ObjectMeta> manifest)
    {
        if (Manifests.PodOf(manifest) is not { } pod)
        {
            return;
        }

        var name = manifest.Metadata.Name;
        Assert.True(pod.SecurityContext.RunAsNonRoot, $"{name} may run as root.");
        var container = Assert.Single(pod.Containers);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem, $"{name} may write to its root.");
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Contains("memory", container.Resources.Limits.Keys);
        var shutdown = double.Parse(container.Variable("INTRADA_ShutdownSeconds") ?? "3", CultureInfo.InvariantCulture);
        Assert.True(pod.TerminationGracePeriodSeconds is null or > 0 && (pod.TerminationGracePeriodSeconds ?? 30) > shutdown, $"{name} is killed amid its last work.");
        if (name is "segmenter" or "trainer" or "score-target")
        {
            var cache = long.Parse(container.Variable("INTRADA_DatasetCache__MaxBytes")!, CultureInfo.InvariantCulture);
            var volume = pod.Volumes.Single(one => one.Name == "spool").EmptyDir.SizeLimit;
            Assert.True(cache < volume.ToInt64(), $"{name}: a cache of {cache} bytes outgrows a volume of {volume}.");
            Assert.Contains(container.Env, variable => variable.Name.EndsWith("__Threads", StringComparison.Ordinal) && variable.ValueFrom.ResourceFieldRef.Resource == "limits.cpu");
            Assert.Contains("cpu", container.Resources.Limits.Keys);
        }

        foreach (var probe in new[] { container.StartupProbe, container.LivenessProbe }.Where(probe => probe?.Grpc is not null))
        {
            // One that goes by the store would have a training ended by an outage that it would have outlived.
            Assert.Equal("live", probe.Grpc.Service);
        }
    }

    private static async Task<IReadOnlyList<IKubernetesObject<V1ObjectMeta>>> BuildAsync(string overlay)
    {
        using var folder = new TempFolder();
        foreach (var file in Directory.GetFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var copy = folder[Path.GetRelativePath(Folder, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        // Secrets are never committed; for a build any will do.
        var secrets = Directory.CreateDirectory(folder["base", "secrets"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(secrets, "service-key"), "a key", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(secrets, "api-keys.jsonl"), "{}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(secrets, "store.env"), "user=a\npassword=b\n", TestContext.Current.CancellationToken);
        try
        {
            var built = await ProgramRun.OfAsync("kubectl", ["kustomize", folder["overlays", overlay]], new Dictionary<string, string?>(), Limit);
            return Manifests.Read(built.Succeeded().Out);
        }
        catch (Win32Exception)
        {
            Assert.Skip("Not built: kubectl is not installed.");
            throw;
        }
    }
}
