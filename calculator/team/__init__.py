"""What a team has of its own, and how it corrects predictions."""
