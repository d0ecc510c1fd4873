"""What happens in a visit after the number was given: each move a change that can be told, counted and undone."""
