"""Closed groups: who belongs, what is posted for members only, and the shop with its rota."""
