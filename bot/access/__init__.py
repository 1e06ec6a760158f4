"""Who may change what: owners, the workspace's rules, what is known of people."""
