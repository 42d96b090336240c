select * from published.scheme_proposal_part
