"""Where an intervention can be had near the client; apart from the decision itself."""
