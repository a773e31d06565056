"""The conversations, each readable like a script: what is asked, and what is said in the end."""
