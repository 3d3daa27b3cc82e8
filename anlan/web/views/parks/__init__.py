"""园区: its desk, grade, gates, shared facilities, joint control, own list; projects and plants that are checked."""
