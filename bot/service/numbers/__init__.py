"""What is counted: metrics and the shoppers' scores."""
