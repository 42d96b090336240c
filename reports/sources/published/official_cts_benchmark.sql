select * from published.official_cts_benchmark
