"""The interface for programs: described, bounded, and by token never more than its owner."""
