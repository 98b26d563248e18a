using System.Threading.Channels;
using Grpc.Core;
using IntraDA.Contracts;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Layouts;
using IntraDA.Gateway.Services;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Options;

namespace IntraDA.Gateway.Datasets;

/// <summary>What callers do with data sets.</summary>
internal sealed class DatasetCalls(DatasetRegistry registry, DatasetRoots roots, LimitOptions limits, TimeProvider time)
{
    public async Task<RegisterDatasetResponse> RegisterAsync(RegisterDatasetRequest request, CancellationToken cancellationToken)
    {
        var validator = new RequestValidator();
        RequireName(validator, request.Name);
        switch (request.OriginCase)
        {
            case RegisterDatasetRequest.OriginOneofCase.Directory:
                RequireLayout(validator, request.Directory);
                break;
            case RegisterDatasetRequest.OriginOneofCase.Manifest:
                validator.RequireArtifact(request.Manifest, "manifest");
                break;
            default:
                validator.Require(false, "origin", "Give a directory or an uploaded manifest.");
                break;
        }

        validator.ThrowIfAny();
        var dataset = request.OriginCase == RegisterDatasetRequest.OriginOneofCase.Manifest
            ? await registry.RegisterAsync(request.Name, request.Manifest, cancellationToken).ConfigureAwait(false)
            : await ScanAsync(request.Name, request.Directory, progress: null, cancellationToken).ConfigureAwait(false);
        return new RegisterDatasetResponse { Dataset = dataset };
    }

    public async Task RegisterDirectoryAsync(
        RegisterDirectoryRequest request, IServerStreamWriter<RegisterDirectoryResponse> responses, CancellationToken cancellationToken)
    {
        var validator = new RequestValidator();
        RequireName(validator, request.Name);
        if (validator.Require(request.Directory is not null, "directory", "Give a directory."))
        {
            RequireLayout(validator, request.Directory!);
        }

        validator.ThrowIfAny();
        // Progress comes from many threads; only this method writes to the stream, and old progress gives way to new.
        var progress = Channel.CreateBounded<ScanProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var pace = new PaceMeter("reading", "image", total: 0, time);
        var scanning = ScanAsync();
        await foreach (var seen in progress.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await responses
                .WriteAsync(new RegisterDirectoryResponse { Progress = pace.At(seen.Done, seen.Total) }, cancellationToken).ConfigureAwait(false);
        }

        await responses
            .WriteAsync(new RegisterDirectoryResponse { Dataset = await scanning.ConfigureAwait(false) }, cancellationToken).ConfigureAwait(false);

        async Task<Dataset> ScanAsync()
        {
            try
            {
                return await this.ScanAsync(request.Name, request.Directory!, new Reporter(progress.Writer), cancellationToken)
                    .ConfigureAwait(false);
            }
            finally
            {
                progress.Writer.Complete();
            }
        }
    }

    public async Task<ListDatasetsResponse> ListAsync(ListDatasetsRequest request, CancellationToken cancellationToken)
    {
        var validator = new RequestValidator();
        var size = validator.RequirePageSize(request.PageSize);
        validator.ThrowIfAny();
        var (page, last) = await registry
            .ListAsync(PageTokens.Read(request.PageToken), size, cancellationToken).ConfigureAwait(false);
        var response = new ListDatasetsResponse { NextPageToken = PageTokens.Write(last) };
        response.Datasets.AddRange(page);
        return response;
    }

    private static void RequireName(RequestValidator validator, string name) => validator.Require(
        DatasetRegistry.IsName(name), "name", $"'{name}' is not a name: 1 to 64 characters of [a-z0-9._-].");

    private static void RequireLayout(RequestValidator validator, DirectoryDataset directory) => validator.Require(
        DatasetLayouts.Names.Contains(directory.Layout),
        "directory.layout",
        $"'{directory.Layout}' is unknown; use {string.Join(", ", DatasetLayouts.Names)}.");

    private async Task<Dataset> ScanAsync(
        string name, DirectoryDataset directory, IProgress<ScanProgress>? progress, CancellationToken cancellationToken)
    {
        roots.Require(directory.Path, "directory.path");
        var manifest = await InputFields
            .NameAsync("directory", DatasetScanner.ScanAsync(
                new LayoutRequest
                {
                    Path = directory.Path,
                    Layout = directory.Layout,
                    List = directory.List,
                    Split = directory.Split,
                    IgnoreLabels = directory.IgnoreLabels,
                    Protocol = directory.Protocol,
                    Name = name,
                    Limits = limits.ToImages(),
                },
                progress,
                cancellationToken))
            .ConfigureAwait(false);
        return await registry.RegisterAsync(name, manifest, cancellationToken).ConfigureAwait(false);
    }

    // The framework's Progress posts to the thread pool, where reports overtake each other.
    private sealed class Reporter(ChannelWriter<ScanProgress> writer) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value) => writer.TryWrite(value);
    }
}
