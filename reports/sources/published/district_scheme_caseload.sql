select * from published.district_scheme_caseload
