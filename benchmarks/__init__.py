"""What crmsync costs in seconds and memory on two simulated CRMs; `make bench` writes docs/benchmarks.md."""
