using Google.Protobuf;
using Grpc.Core;
using IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Gateway.Reporting.Tests.Gallery;

/// <summary>A segmenter that answers as the contract says: in order, ids echoed, a bad image with its own error.</summary>
public sealed class ScriptedSegmenter : SegmenterService.SegmenterServiceBase
{
    public override async Task StreamPredict(
        IAsyncStreamReader<StreamPredictRequest> requestStream, IServerStreamWriter<StreamPredictResponse> responseStream,
        ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        var options = requestStream.Current.Options;
        if (options.Model.Checkpoint.Key == "missing")
        {
            throw new RpcException(new Status(StatusCode.NotFound, "no such checkpoint"));
        }

        ulong sequence = 0;
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            var response = new StreamPredictResponse { Id = request.Image.Id, Sequence = sequence++ };
            if (request.Image.Content.Length == 0)
            {
                response.Error = new Google.Rpc.Status { Code = 3, Message = "it is empty" };
            }
            else
            {
                response.Prediction = new Prediction { LabelMap = request.Image.Content, EntropyMap = ByteString.CopyFromUtf8("entropy") };
            }

            await responseStream.WriteAsync(response, context.CancellationToken);
        }
    }
}
