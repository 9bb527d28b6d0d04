"""The only monkeypatches: one file per client stack."""
