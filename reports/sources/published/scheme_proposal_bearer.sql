select * from published.scheme_proposal_bearer
