using IntraDA.Access;

namespace IntraDA.Hosting.Access;

/// <summary>
/// The one table of who may call what. A method that is not in it may be called by nobody while callers must say who they are;
/// a test keeps it complete.
/// </summary>
internal static class AccessTable
{
    /// <summary>Services that answer everybody: those who watch over a service have no key.</summary>
    public const string OpenService = "grpc.health.v1.Health";

    private static readonly AccessRule Look = new(CallerRole.Predict, Services: false);
    private static readonly AccessRule Work = new(CallerRole.Operate, Services: false);
    private static readonly AccessRule BackendLook = new(CallerRole.Predict, Services: true);
    private static readonly AccessRule BackendWatch = new(CallerRole.Operate, Services: true);
    // Straight to a backend one can write under any key of the store and train without a workflow.
    private static readonly AccessRule BackendWork = new(CallerRole.Admin, Services: true);

    /// <summary>The rule of each method, by "service/method".</summary>
    public static IReadOnlyDictionary<string, AccessRule> Rules { get; } = new Dictionary<string, AccessRule>(StringComparer.Ordinal)
    {
        ["intrada.gateway.v1.GatewayService/CreateWorkflow"] = Work,
        ["intrada.gateway.v1.GatewayService/GetWorkflow"] = Look,
        ["intrada.gateway.v1.GatewayService/ListWorkflows"] = Look,
        ["intrada.gateway.v1.GatewayService/WatchWorkflow"] = Look,
        ["intrada.gateway.v1.GatewayService/CancelWorkflow"] = Work,
        ["intrada.gateway.v1.GatewayService/ResumeWorkflow"] = Work,
        ["intrada.gateway.v1.GatewayService/Predict"] = Look,
        ["intrada.gateway.v1.GatewayService/StreamPredict"] = Look,
        ["intrada.gateway.v1.GatewayService/RegisterDataset"] = Work,
        ["intrada.gateway.v1.GatewayService/RegisterDirectory"] = Work,
        ["intrada.gateway.v1.GatewayService/ListDatasets"] = Look,
        ["intrada.gateway.v1.GatewayService/ListModels"] = Look,
        ["intrada.gateway.v1.GatewayService/ListTrainers"] = Look,
        ["intrada.gateway.v1.GatewayService/ScoreDataset"] = Work,
        ["intrada.gateway.v1.GatewayService/Rank"] = Work,
        ["intrada.gateway.v1.GatewayService/Evaluate"] = Work,
        ["intrada.gateway.v1.GatewayService/UploadArtifact"] = Work,
        ["intrada.gateway.v1.GatewayService/DownloadArtifact"] = Work,
        ["intrada.gateway.v1.GatewayService/CreateDownloadLink"] = Work,
        ["intrada.gateway.v1.GatewayService/GetServiceInfo"] = Look,

        ["intrada.segmenter.v1.SegmenterService/Predict"] = BackendLook,
        ["intrada.segmenter.v1.SegmenterService/StreamPredict"] = BackendLook,
        ["intrada.segmenter.v1.SegmenterService/ScoreDataset"] = BackendWork,
        ["intrada.segmenter.v1.SegmenterService/Evaluate"] = BackendWork,
        ["intrada.segmenter.v1.SegmenterService/LoadModel"] = BackendWork,
        ["intrada.segmenter.v1.SegmenterService/UnloadModel"] = BackendWork,
        ["intrada.segmenter.v1.SegmenterService/ListModels"] = BackendLook,
        ["intrada.segmenter.v1.SegmenterService/GetServiceInfo"] = BackendLook,

        ["intrada.ranker.v1.RankerService/Rank"] = BackendWork,
        ["intrada.ranker.v1.RankerService/GeneratePseudoLabels"] = BackendWork,
        ["intrada.ranker.v1.RankerService/GetServiceInfo"] = BackendLook,

        ["intrada.trainer.v1.TrainerService/StartTraining"] = BackendWork,
        ["intrada.trainer.v1.TrainerService/GetTraining"] = BackendWatch,
        ["intrada.trainer.v1.TrainerService/ListTrainings"] = BackendWatch,
        ["intrada.trainer.v1.TrainerService/WatchTraining"] = BackendWatch,
        ["intrada.trainer.v1.TrainerService/CancelTraining"] = BackendWork,
        ["intrada.trainer.v1.TrainerService/GetServiceInfo"] = BackendLook,

        ["grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = BackendLook,
        ["grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = BackendLook,
    };

    /// <summary>The rule of a method; null where it has none.</summary>
    public static AccessRule? Find(string service, string method) => Rules.GetValueOrDefault($"{service}/{method}");
}
