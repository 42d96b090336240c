select * from published.county_cts_forecast_month
