// The services train on all cores; tests beside each other would only wait for one another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
