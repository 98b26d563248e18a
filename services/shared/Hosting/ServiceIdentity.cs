using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Hosting;

/// <summary>Says who a service is: equal builds, and only those, have equal identities.</summary>
public static class ServiceIdentity
{
    /// <summary>Describes the service in an assembly.</summary>
    /// <param name="name">Service name, e.g. "intrada-trainer".</param>
    /// <param name="assembly">The service's assembly.</param>
    /// <returns>
    /// The assembly's version, and as build that version with the first 12 digits of a SHA-256 over the module version ids of
    /// the assembly and of all this project's assemblies that it needs; builds are deterministic, so equal code gives equal ids.
    /// </returns>
    public static ServiceInfo Describe(string name, Assembly assembly)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(assembly);
        var own = new SortedDictionary<string, Assembly>(StringComparer.Ordinal);
        Collect(assembly, own);
        var text = string.Join('\n', own.Select(pair => $"{pair.Key} {pair.Value.ManifestModule.ModuleVersionId:N}"));
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var version = assembly.GetName().Version?.ToString(3) ?? "0.0.0";
        return new ServiceInfo { Name = name, Version = version, Build = $"{version}+{digest[..12]}" };
    }

    private static void Collect(Assembly assembly, SortedDictionary<string, Assembly> found)
    {
        if (!found.TryAdd(assembly.GetName().Name!, assembly))
        {
            return;
        }

        foreach (var reference in assembly.GetReferencedAssemblies()
                     .Where(r => r.Name?.StartsWith("IntraDA.", StringComparison.Ordinal) == true))
        {
            Collect(Assembly.Load(reference), found);
        }
    }
}
