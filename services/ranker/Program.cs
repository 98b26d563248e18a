return await IntraDA.Hosting.ServiceHost.RunAsync(IntraDA.Ranker.RankerService.Name, args, IntraDA.Ranker.RankerApplication.Create);
