"""The door: one blueprint per audience. Parse, authorise, hand on to a service; decide nothing."""
