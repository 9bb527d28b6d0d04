"""PartiQL: statements to plans over the expressions' nodes and the engine's key ranges."""
