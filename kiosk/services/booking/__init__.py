"""Coming at a known time: booked slots, numbers taken from afar, and saying at the centre that one is here."""
