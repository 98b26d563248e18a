using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;

namespace IntraDA.Hosting.Errors;

/// <summary>Collects everything that is wrong with a request, so that a caller learns all of it from one answer.</summary>
public sealed class RequestValidator
{
    private readonly List<FieldViolation> _violations = [];

    /// <summary>What has been found so far.</summary>
    public IReadOnlyList<FieldViolation> Violations => _violations;

    /// <summary>Notes a violation unless a condition holds.</summary>
    /// <param name="ok">The condition.</param>
    /// <param name="field">Path of the field.</param>
    /// <param name="description">What is wrong and what would be right.</param>
    /// <returns><paramref name="ok"/>, so that dependent checks can be left out.</returns>
    public bool Require(bool ok, string field, string description)
    {
        if (!ok)
        {
            _violations.Add(new(field, description));
        }

        return ok;
    }

    /// <summary>Notes a violation unless a reference is present and well-formed.</summary>
    /// <param name="artifact">The reference.</param>
    /// <param name="field">Path of the field.</param>
    /// <returns>Whether it is well-formed.</returns>
    public bool RequireArtifact([NotNullWhen(true)] Artifact? artifact, string field)
    {
        if (artifact is null)
        {
            return Require(false, field, "An artefact is needed; give its key, sha256 and size_bytes.");
        }

        var ok = Require(
            ArtifactKey.IsValid(artifact.Key),
            $"{field}.key",
            "A key has 1 to 512 characters of [a-z0-9/._-] and no empty, '.' or '..' segment.");
        ok &= Require(
            ArtifactKey.IsDigest(artifact.Sha256),
            $"{field}.sha256",
            "A digest has 64 lower-case hexadecimal digits.");
        return ok & Require(artifact.SizeBytes >= 0, $"{field}.size_bytes", "A size is not negative.");
    }

    /// <summary>Notes a violation unless a page size is allowed.</summary>
    /// <param name="pageSize">The requested size; 0 stands for 50.</param>
    /// <returns>The size to use, 1 to 500.</returns>
    public int RequirePageSize(int pageSize)
    {
        Require(pageSize >= 0, "page_size", "A page size is 0 (the default of 50) or more.");
        return pageSize <= 0 ? 50 : Math.Min(pageSize, 500);
    }

    /// <summary>Throws one INVALID_ARGUMENT with every violation noted.</summary>
    /// <exception cref="ServiceException">There is a violation.</exception>
    public void ThrowIfAny()
    {
        if (_violations.Count == 0)
        {
            return;
        }

        throw new ServiceException(
            StatusCode.InvalidArgument,
            ErrorReasons.InvalidArgument,
            string.Join(" ", _violations.Select(v => $"{v.Field}: {v.Description}")),
            [.. _violations]);
    }
}
