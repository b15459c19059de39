"""Telephone calls by SIP: a trunk at an edge of ours (Kamailio), sound by rtpengine, and the house between them."""
