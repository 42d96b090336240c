select * from published.scheme_proposal_option
