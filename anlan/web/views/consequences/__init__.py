"""事故后果: scenarios at places, what they would do in a weather, drawn on the map and told to whom."""
