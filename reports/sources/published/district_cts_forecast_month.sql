select * from published.district_cts_forecast_month
