"""One search over everything a site holds: a registry of sources, two engines behind one contract. Knows no domain."""
