"""The nets and what they are made of: towers, heads, the skip they start from, losses and scales. Nothing here reads a file."""
