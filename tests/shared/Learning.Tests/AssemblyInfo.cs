using IntraDA.Learning.Tests;

// Live tensors are counted over the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(OneThread))]
