using IntraDA.Contracts.Gateway.V1;
using IntraDA.Gateway.Services;
using IntraDA.Gateway.Workflows.Running;
using IntraDA.Gateway.Workflows.Specs;
using IntraDA.Gateway.Workflows.State;
using IntraDA.Hosting.Errors;

namespace IntraDA.Gateway.Workflows;

/// <summary>What callers do with workflows.</summary>
internal sealed class WorkflowCalls(
    SpecResolver resolver,
    WorkflowIds ids,
    RequestLedger ledger,
    WorkflowRepository workflows,
    WorkflowEngine engine,
    TimeProvider time)
{
    public async Task<CreateWorkflowResponse> CreateAsync(CreateWorkflowRequest request, CancellationToken cancellationToken)
    {
        if (request.Spec is null)
        {
            throw ServiceException.InvalidArgument("spec", "A spec is needed.");
        }

        if (request.RequestId.Length > 0 && !RequestLedger.IsRequestId(request.RequestId))
        {
            throw ServiceException.InvalidArgument("request_id", $"'{request.RequestId}' is not 1 to 64 characters of [a-z0-9-].");
        }

        if (request.ValidateOnly)
        {
            await resolver.CheckAsync(request.Spec, cancellationToken).ConfigureAwait(false);
            return new CreateWorkflowResponse();
        }

        // A repeated request is answered before its spec is looked at again: the data sets may have moved meanwhile.
        if (request.RequestId.Length > 0
            && await ledger.FindAsync(request.RequestId, request.Spec, cancellationToken).ConfigureAwait(false) is { } earlier
            && await workflows.FindAsync(earlier, cancellationToken).ConfigureAwait(false) is { } known)
        {
            return new CreateWorkflowResponse { Workflow = known.Workflow };
        }

        var resolved = await resolver.ResolveAsync(request.Spec, cancellationToken).ConfigureAwait(false);
        var id = ids.Next();
        if (request.RequestId.Length > 0)
        {
            id = await ledger.ClaimAsync(request.RequestId, request.Spec, id, cancellationToken).ConfigureAwait(false);
        }

        var log = await workflows
            .CreateAsync(WorkflowRecord.Create(id, resolved, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        await engine.TryStartAsync(id, cancellationToken).ConfigureAwait(false);
        return new CreateWorkflowResponse { Workflow = log.Workflow };
    }

    public async Task<GetWorkflowResponse> GetAsync(GetWorkflowRequest request, CancellationToken cancellationToken)
    {
        var log = await workflows.GetAsync(request.WorkflowId, cancellationToken).ConfigureAwait(false);
        return new GetWorkflowResponse { Workflow = log.Workflow };
    }

    public async Task<ListWorkflowsResponse> ListAsync(ListWorkflowsRequest request, CancellationToken cancellationToken)
    {
        var validator = new RequestValidator();
        var size = validator.RequirePageSize(request.PageSize);
        validator.ThrowIfAny();
        var response = new ListWorkflowsResponse();
        var last = "";
        await foreach (var (id, position) in workflows
                           .ListAsync(PageTokens.Read(request.PageToken), cancellationToken).ConfigureAwait(false))
        {
            if (await workflows.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } log)
            {
                continue;
            }

            if (response.Workflows.Count == size)
            {
                response.NextPageToken = PageTokens.Write(last);
                break;
            }

            response.Workflows.Add(log.Workflow);
            last = position;
        }

        return response;
    }
}
