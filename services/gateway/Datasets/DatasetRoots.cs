using Grpc.Core;
using IntraDA.Gateway.Options;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Options;

namespace IntraDA.Gateway.Datasets;

/// <summary>Which directories of this machine users may make the services read.</summary>
internal sealed class DatasetRoots(GatewayOptions options, ServiceHostOptions host)
{
    private const int MaxPath = 4096;

    private readonly string[] _roots = [.. options.Datasets.AllowedRoots.Select(Real)];
    private readonly bool _onlyThisMachine = ServiceHostOptions.IsLoopback(new Uri(host.Listen));

    /// <summary>Refuses a directory that is not allowed.</summary>
    /// <exception cref="ServiceException">INVALID_ARGUMENT: not a directory; PERMISSION_DENIED: not below an allowed one.</exception>
    public void Require(string path, string field)
    {
        // Above what a file system takes, and with a character that ends a name, there is no directory.
        if (!Path.IsPathFullyQualified(path) || path.Length > MaxPath || path.Contains('\0', StringComparison.Ordinal))
        {
            throw ServiceException.InvalidArgument(field, $"'{path}' is not the absolute path of a directory.");
        }

        var allowed = _roots.Length == 0
            ? _onlyThisMachine
            : _roots.Any(root => Real(path) is var real && (real == root || real.StartsWith(WithSeparator(root), StringComparison.Ordinal)));
        if (!allowed)
        {
            // Said before anything is said about existence: the answer must not tell what lies outside.
            throw new ServiceException(
                StatusCode.PermissionDenied,
                "DIRECTORY_NOT_ALLOWED",
                $"'{path}' is not below a directory that this gateway may read; its operator sets Datasets:AllowedRoots.");
        }

        if (!Directory.Exists(path))
        {
            throw ServiceException.InvalidArgument(field, $"There is no directory '{path}' on the machine of the services.");
        }
    }

    private static string WithSeparator(string root) => root.EndsWith('/') ? root : root + "/";

    // Follows links in every part of the path, so that a link below an allowed root leads nowhere else.
    private static string Real(string path)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var part in Path.GetFullPath(path)[real.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            real = Directory.Exists(next) ? Directory.ResolveLinkTarget(next, returnFinalTarget: true)?.FullName ?? next : next;
        }

        return real;
    }
}
