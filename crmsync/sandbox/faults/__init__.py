"""What goes wrong on request in both simulated CRMs: kinds, when they happen, and how."""
