select * from published.district_ct_support_return
