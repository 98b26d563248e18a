using IntraDA.Segmenter.Tests;

// One set of torch threads, and servers that would otherwise compete for two cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(OneThread))]
