using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Layouts;
using IntraDA.Gateway.Services;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Datasets;

/// <summary>What callers do with data sets.</summary>
internal sealed class DatasetCalls(DatasetRegistry registry, DatasetRoots roots)
{
    public async Task<RegisterDatasetResponse> RegisterAsync(RegisterDatasetRequest request, CancellationToken cancellationToken)
    {
        var validator = new RequestValidator();
        validator.Require(
            DatasetRegistry.IsName(request.Name), "name", $"'{request.Name}' is not a name: 1 to 64 characters of [a-z0-9._-].");
        switch (request.OriginCase)
        {
            case RegisterDatasetRequest.OriginOneofCase.Directory:
                validator.Require(
                    DatasetLayouts.Names.Contains(request.Directory.Layout),
                    "directory.layout",
                    $"'{request.Directory.Layout}' is unknown; use {string.Join(", ", DatasetLayouts.Names)}.");
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
            : await ScanAsync(request.Name, request.Directory, cancellationToken).ConfigureAwait(false);
        return new RegisterDatasetResponse { Dataset = dataset };
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

    private async Task<Contracts.Artifacts.V1.Dataset> ScanAsync(
        string name, DirectoryDataset directory, CancellationToken cancellationToken)
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
                },
                progress: null,
                cancellationToken))
            .ConfigureAwait(false);
        return await registry.RegisterAsync(name, manifest, cancellationToken).ConfigureAwait(false);
    }
}
