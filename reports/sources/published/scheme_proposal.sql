select * from published.scheme_proposal
