select * from published.policy_change
