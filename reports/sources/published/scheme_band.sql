select * from published.scheme_band
