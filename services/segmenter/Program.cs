using IntraDA.Hosting;
using IntraDA.Segmenter;

return await ServiceHost.RunAsync(() => SegmenterApplication.Create(args)).ConfigureAwait(false);
