select * from published.county_scheme_caseload
