"""The crash test: the program is killed, or loses its database, at every step of submit and delivery."""
