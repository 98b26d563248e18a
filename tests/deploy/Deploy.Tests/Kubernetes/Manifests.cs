using k8s;
using k8s.Models;

namespace IntraDA.Deploy.Tests.Kubernetes;

/// <summary>Reads manifests by the types that the published schemas are generated into: a field that they do not have is an error.</summary>
internal static class Manifests
{
    // Every kind that the manifests use; another one is refused.
    private static readonly Dictionary<string, Type> Kinds = new(StringComparer.Ordinal)
    {
        ["v1/Namespace"] = typeof(V1Namespace),
        ["v1/ConfigMap"] = typeof(V1ConfigMap),
        ["v1/Secret"] = typeof(V1Secret),
        ["v1/Service"] = typeof(V1Service),
        ["apps/v1/Deployment"] = typeof(V1Deployment),
        ["apps/v1/StatefulSet"] = typeof(V1StatefulSet),
        ["batch/v1/Job"] = typeof(V1Job),
        ["autoscaling/v2/HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
        ["policy/v1/PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy),
    };

    /// <summary>The objects in a file.</summary>
    /// <param name="yaml">Its text.</param>
    /// <returns>In order.</returns>
    /// <exception cref="YamlDotNet.Core.YamlException">A field that its kind does not have, a value of another type, or a field twice.</exception>
    public static IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Read(string yaml) =>
        [.. KubernetesYaml.LoadAllFromString(yaml, Kinds, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()];

    /// <summary>The pods that an object makes.</summary>
    /// <param name="manifest">The object.</param>
    /// <returns>Null for one that makes none.</returns>
    public static V1PodSpec? PodOf(object manifest) => manifest switch
    {
        V1Deployment deployment => deployment.Spec.Template.Spec,
        V1StatefulSet set => set.Spec.Template.Spec,
        V1Job job => job.Spec.Template.Spec,
        _ => null,
    };

    /// <summary>A variable of a container; null where it has no value of its own.</summary>
    public static string? Variable(this V1Container container, string name) =>
        container.Env?.FirstOrDefault(variable => variable.Name == name)?.Value;
}
