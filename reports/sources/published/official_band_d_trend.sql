select * from published.official_band_d_trend
