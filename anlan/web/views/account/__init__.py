"""What a person keeps for programs: tokens and web hooks."""
