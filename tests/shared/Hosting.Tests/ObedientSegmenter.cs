using Grpc.Core;
using IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Hosting.Tests;

/// <summary>A bidirectional method.</summary>
internal sealed class ObedientSegmenter(Behaviour behaviour) : SegmenterService.SegmenterServiceBase
{
    public override Task StreamPredict(
        IAsyncStreamReader<StreamPredictRequest> requestStream,
        IServerStreamWriter<StreamPredictResponse> responseStream,
        ServerCallContext context) => behaviour.OnCall(context);
}
