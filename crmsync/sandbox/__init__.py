"""Two simulated CRMs over real HTTP on loopback. They share no code with the connectors."""
