"""The plugins in somebody else's hands: as a wheel in an empty environment, and inside two foreign sites."""
