"""The embedded driver: the customer's browser speaks to the agent's by WebRTC, and the house carries what they say to find each other."""
