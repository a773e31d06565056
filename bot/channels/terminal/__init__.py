"""The terminal as a chat network: for trying the bot out, and the plainest channel there is."""
