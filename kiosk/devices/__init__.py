"""The machines around the house: what they are sent, how they answer, and a virtual twin of each."""
