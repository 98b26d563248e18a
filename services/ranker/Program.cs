return await IntraDA.Hosting.ServiceHost.RunAsync(() => IntraDA.Ranker.RankerApplication.Create(args));
