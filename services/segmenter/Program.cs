using IntraDA.Hosting;
using IntraDA.Segmenter;
using IntraDA.Segmenter.Batch;

return args is [ScoringBatch.Command, ..]
    ? await ScoringBatch.RunAsync(args[1..], CancellationToken.None).ConfigureAwait(false)
    : await ServiceHost.RunAsync(SegmenterApplication.Name, args, SegmenterApplication.Create).ConfigureAwait(false);
