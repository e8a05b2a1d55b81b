"""Pages as a member of a company sees them: for people of the back office, who look and change nothing."""
