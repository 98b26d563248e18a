using IntraDA.Hosting;
using IntraDA.Segmenter;

return await ServiceHost.RunAsync(SegmenterApplication.Name, args, SegmenterApplication.Create).ConfigureAwait(false);
