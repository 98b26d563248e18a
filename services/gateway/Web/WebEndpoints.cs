using IntraDA.Access;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Gateway.Workflows.State;
using IntraDA.Hosting.Access;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Web;

/// <summary>What a browser can fetch: signed links to artefacts, and reports.</summary>
internal static class WebEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // A signed link is itself the permission: whoever made it may hand it on, for as long as it lives.
        routes.MapGet("/artifacts/{**key}", GetArtifactAsync).WithMetadata(new RequireRoleMetadata(null));
        routes.MapGet("/workflows/{id}/report.html", GetReportAsync).WithMetadata(new RequireRoleMetadata(CallerRole.Operate));
    }

    private static async Task GetArtifactAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var artifact = new Artifact
        {
            Key = (string?)http.Request.RouteValues["key"] ?? "",
            Sha256 = query["sha256"].ToString(),
            SizeBytes = long.TryParse(query["size"], out var size) ? size : 0,
            MediaType = query["type"].ToString(),
        };
        var links = http.RequestServices.GetRequiredService<LinkSigner>();
        if (!long.TryParse(query["expires"], out var expires) || !links.IsValid(artifact, expires, query["signature"].ToString()))
        {
            await FailAsync(http, StatusCodes.Status403Forbidden, "This link is not valid, or its time is over; ask the gateway for a new one.")
                .ConfigureAwait(false);
            return;
        }

        await SendAsync(http, artifact).ConfigureAwait(false);
    }

    private static async Task GetReportAsync(HttpContext http)
    {
        var workflows = http.RequestServices.GetRequiredService<WorkflowRepository>();
        try
        {
            var id = (string?)http.Request.RouteValues["id"] ?? "";
            var log = await workflows.GetAsync(id, http.RequestAborted).ConfigureAwait(false);
            if (log.Workflow.ReportHtml is not { } report)
            {
                await FailAsync(http, StatusCodes.Status404NotFound, $"{id} is {log.Workflow.State}; a report is there when it has succeeded.")
                    .ConfigureAwait(false);
                return;
            }

            await SendAsync(http, report).ConfigureAwait(false);
        }
        catch (ServiceException e)
        {
            await FailAsync(http, StatusCodes.Status404NotFound, e.Message).ConfigureAwait(false);
        }
    }

    private static async Task SendAsync(HttpContext http, Artifact artifact)
    {
        var store = http.RequestServices.GetRequiredService<IArtifactStore>();
        var response = http.Response;
        try
        {
            // Headers go out with the first byte: until then a missing artefact can still be told as such.
            response.ContentType = artifact.MediaType.Length > 0 ? artifact.MediaType : "application/octet-stream";
            response.ContentLength = artifact.SizeBytes;
            response.Headers.XContentTypeOptions = "nosniff";
            response.Headers.ContentSecurityPolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
            await store.CopyToAsync(artifact, response.Body, http.RequestAborted).ConfigureAwait(false);
        }
        catch (ArtifactStoreException e) when (!response.HasStarted)
        {
            response.Clear();
            await FailAsync(
                    http,
                    e is ArtifactNotFoundException ? StatusCodes.Status404NotFound : StatusCodes.Status503ServiceUnavailable,
                    e.Message)
                .ConfigureAwait(false);
        }
        catch (ArtifactStoreException)
        {
            // The rest cannot come: a broken connection is the only honest end.
            http.Abort();
        }
    }

    private static Task FailAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(message + "\n", http.RequestAborted);
    }
}
