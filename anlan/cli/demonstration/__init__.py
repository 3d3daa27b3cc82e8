"""What ``anlan demo`` adds to the product: an invented county and gateways that replay recorded plants.

``county`` builds places, people, sources and tags through the product's own actions; ``replay`` turns recordings into
frames of readings; ``gateways`` sends them by HTTP and MQTT as any gateway would; ``history`` lays down the past month;
``smoke`` signs in as the duty officer and waits for the first alarm. The product knows nothing of all this.
"""
