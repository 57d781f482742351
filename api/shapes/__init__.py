"""The words of the API: what is sent and what is answered, one module per noun."""
